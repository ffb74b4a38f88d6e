// `npm run bridge -- --port N …`: builds src/bridge as it would ship and runs it, for the real kubectl.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './root.mjs';
import { buildForNode } from './buildForNode.mjs';
import { setUp } from './setup.mjs';

await setUp();
const main = await buildForNode('src/bridge/main.ts', join(root, '.cache', 'bridge'));
const child = spawn(process.execPath, [main, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, PODARIUM_ROOT: root },
});
// Ctrl-C reaches both; the bridge decides when it has ended.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
