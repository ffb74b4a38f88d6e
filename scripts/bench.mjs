// `npm run bench [-- --json] [-- --only NAME]`: builds bench/main.ts as it would ship and runs it in a fresh Node.
import { join } from 'node:path';
import { root } from './root.mjs';
import { run, setUp } from './setup.mjs';

await setUp();
const { build } = await import('vite');
const { yamlModules } = await import('./yamlModules.mjs');
const outDir = join(root, '.cache', 'bench');
await build({
  root,
  configFile: false,
  logLevel: 'error',
  plugins: [yamlModules()],
  build: {
    ssr: 'bench/main.ts',
    outDir,
    emptyOutDir: true,
    target: 'node20',
    minify: false,
    rolldownOptions: { output: { entryFileNames: 'main.mjs' } },
  },
});
process.exit(
  run(process.execPath, [
    '--expose-gc',
    '--max-old-space-size=8192',
    join(outDir, 'main.mjs'),
    ...process.argv.slice(2),
  ]),
);
