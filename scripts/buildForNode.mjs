import { join } from 'node:path';
import { root } from './root.mjs';
import { yamlModules } from './yamlModules.mjs';

/**
 * Bundles an entry for this Node into `outDir` and returns the path of what is to be run. Packages stay outside,
 * unless `noExternal` is true.
 */
export async function buildForNode(entry, outDir, noExternal = []) {
  const { build } = await import('vite');
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [yamlModules()],
    ssr: { noExternal },
    build: {
      ssr: entry,
      outDir,
      emptyOutDir: true,
      target: 'node20',
      minify: false,
      rolldownOptions: { output: { entryFileNames: 'main.mjs' } },
    },
  });
  return join(outDir, 'main.mjs');
}
