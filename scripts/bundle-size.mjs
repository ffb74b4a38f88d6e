// `node scripts/bundle-size.mjs`: what a visitor downloads before the graph shows a cluster. It builds the app when it is
// not built, reads Vite's manifest, and fails above the budgets. Fonts, and what is loaded later, are apart.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from './root.mjs';
import { fail } from './setup.mjs';

/** gzip, in bytes: the page's JavaScript and CSS, and the worker's entry with what it imports at once. */
const budgets = { page: 250_000, worker: 150_000 };

const dist = join(root, 'dist');
const manifestPath = join(dist, '.vite', 'manifest.json');
const { build } = await import('vite');
await build({ root, logLevel: 'error' });
if (!existsSync(manifestPath)) fail('The build left no manifest: vite.config.ts must say `manifest: true`.');

const manifest = JSON.parse(readFileSync(manifestPath, 'utf8'));
const sizeOf = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;

/** Files of an entry and of all it imports statically. */
function filesOf(key, seen = new Set()) {
  const chunk = manifest[key];
  if (chunk === undefined || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const css of chunk.css ?? []) seen.add(css);
  for (const imported of chunk.imports ?? []) filesOf(imported, seen);
  return seen;
}

/** A worker is a build of its own, which the manifest does not list; its static imports are named in its text. */
function workerFiles(file, seen = new Set()) {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(join(dist, file), 'utf8');
  for (const match of text.matchAll(/(?:^|[;}\s])(?:import|export)[^;()'"]*?["']\.\/([^"']+\.js)["']/gu))
    workerFiles(`assets/${match[1]}`, seen);
  return seen;
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const worker = readdirSync(join(dist, 'assets')).find((name) => /^worker-[\w-]+\.js$/u.test(name));
if (entry === undefined || worker === undefined) fail('The build has no page entry or no worker.');

const measured = { page: [...filesOf(entry)], worker: [...workerFiles(`assets/${worker}`)] };
let over = false;
for (const [name, files] of Object.entries(measured)) {
  const bytes = files.reduce((sum, file) => sum + sizeOf(file), 0);
  over ||= bytes > budgets[name];
  const kilobytes = (value) => (value / 1000).toFixed(1);
  console.log(
    `${name}: ${kilobytes(bytes)} kB gzip of ${kilobytes(budgets[name])} (${files.length} files)${bytes > budgets[name] ? ', OVER' : ''}`,
  );
}
if (over) process.exit(1);
