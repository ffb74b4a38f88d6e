// `npm run bench [-- --json] [-- --only NAME]`: builds bench/main.ts as it would ship and runs it in a fresh Node.
import { join } from 'node:path';
import { root } from './root.mjs';
import { buildForNode } from './buildForNode.mjs';
import { run, setUp } from './setup.mjs';

await setUp();
const main = await buildForNode('bench/main.ts', join(root, '.cache', 'bench'));
process.exit(
  run(process.execPath, ['--expose-gc', '--max-old-space-size=8192', main, ...process.argv.slice(2)]),
);
