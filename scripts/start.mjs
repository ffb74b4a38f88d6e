// `npm start [-- --port N]`: builds the app when its sources changed, then serves the built files.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';
import { fail, setUp } from './setup.mjs';

function readPort(args) {
  const at = args.findIndex((arg) => arg === '--port' || arg.startsWith('--port='));
  if (at < 0) return 5173;
  const text = args[at].includes('=') ? args[at].split('=')[1] : args[at + 1];
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    fail(`--port takes a number from 1 to 65535, not "${text}".`);
  return port;
}

function newestChange(path) {
  if (!existsSync(path)) return 0;
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

const port = readPort(process.argv.slice(2));
await setUp();
const { build, preview } = await import('vite');

const sources = ['src', 'lessons', 'public', 'index.html', 'package-lock.json', 'vite.config.ts'];
const built = newestChange(join(root, 'dist', 'index.html'));
if (built < Math.max(...sources.map((name) => newestChange(join(root, name))))) {
  console.log('Building the app …');
  await build({ root, logLevel: 'warn' });
}

try {
  await preview({ root, logLevel: 'error', preview: { port, strictPort: true, host: 'localhost' } });
} catch (error) {
  if (!String(error).includes('already in use')) throw error;
  fail(`Port ${port} is taken by another program. Choose one: npm start -- --port ${port + 1}`);
}
console.log(`Podarium is at http://localhost:${port}/`);
