// `npm run soak [-- --seeds N] [-- --from S]`: random fault runs, in a fresh Node.
import { join } from 'node:path';
import { root } from './root.mjs';
import { buildForNode } from './buildForNode.mjs';
import { run, setUp } from './setup.mjs';

await setUp();
const main = await buildForNode('bench/soak.ts', join(root, '.cache', 'soak'));
process.exit(run(process.execPath, [main, ...process.argv.slice(2)]));
