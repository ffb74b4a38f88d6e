// `npm run check [-- STEP …]`: the fast part of the tests, the same locally and in CI.
import { existsSync } from 'node:fs';
import { bin, run, setUp } from './setup.mjs';

const node = process.execPath;
const steps = {
  format: () => run(node, [bin('oxfmt/bin/oxfmt'), '--check']),
  lint: () => run(node, [bin('oxlint/bin/oxlint'), '--type-aware', '--deny-warnings']),
  types: () =>
    ['tsconfig.simulation.json', 'tsconfig.page.json', 'tsconfig.bridge.json', 'tsconfig.json'].some(
      (config) =>
        (config !== 'tsconfig.page.json' || existsSync('src/ui')) &&
        run(node, [bin('typescript-7/bin/tsc'), '-p', config]) !== 0,
    )
      ? 1
      : 0,
  floors: () =>
    run(node, [
      bin('dependency-cruiser/bin/dependency-cruise.mjs'),
      '--config',
      '.dependency-cruiser.cjs',
      'src',
    ]),
  'dead code': () => run(node, [bin('knip/bin/knip.js'), '--no-progress']),
  unit: () => run(node, [bin('vitest/vitest.mjs'), 'run']),
  conformance: () => run(node, ['scripts/conformance.mjs']),
  size: () => run(node, ['scripts/bundle-size.mjs']),
};

await setUp();
const wanted = process.argv.slice(2);
const failed = [];
for (const [name, step] of Object.entries(steps)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const startedAt = performance.now();
  const status = step();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok' : 'FAILED'}  ${name}  ${seconds} s`);
  if (status !== 0) failed.push(name);
}
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(', ')}`);
  process.exit(1);
}
