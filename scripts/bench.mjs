// `npm run bench [-- --json] [-- --only NAME]`: builds bench/main.ts as it would ship and runs it in a fresh Node.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';
import { buildForNode } from './buildForNode.mjs';
import { run, setUp } from './setup.mjs';

await setUp();
const main = await buildForNode('bench/main.ts', join(root, '.cache', 'bench'));
// Node cannot load the peer as it is: its imports name no extensions.
const peer = join(root, 'node_modules', '@ngrok', 'webernetes', 'dist', 'index.js');
const peerPath = existsSync(peer) ? [await buildForNode(peer, join(root, '.cache', 'webernetes'), true)] : [];
process.exit(
  run(process.execPath, [
    '--expose-gc',
    '--max-old-space-size=8192',
    main,
    ...process.argv.slice(2),
    ...peerPath.flatMap((path) => ['--webernetes', path]),
  ]),
);
