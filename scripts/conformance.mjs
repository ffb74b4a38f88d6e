// `npm run conformance:kubectl [-- TRANSCRIPT …]`: plays the transcripts of conformance/kubectl with upstream's own
// kubectl against the bridge. `KUBECTL=PATH` chooses one; else it is the 1.33 of this machine. `UPDATE=1` records.
import { accessSync, constants, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { bin, run, setUp } from './setup.mjs';

/** The words that the transcripts hold. */
const release = '1.33';

function findKubectl() {
  if (process.env.KUBECTL) return process.env.KUBECTL;
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, 'kubectl');
    try {
      accessSync(path, constants.X_OK);
    } catch {
      continue;
    }
    // Some installations keep several releases beside the one on the PATH.
    const beside = dirname(realpathSync(path));
    const exact = readdirSync(beside).find((name) => name === `kubectl.${release}`);
    if (exact) return join(beside, exact);
    const status = run(path, ['version', '--client'], { stdio: 'ignore' });
    if (status === 0) return path;
  }
  return null;
}

const kubectl = findKubectl();
if (kubectl === null) {
  console.log('There is no kubectl on this machine; the unit tests play the recordings with our own.');
  process.exit(0);
}
await setUp();
// Other releases beside it only have to work.
const folder = dirname(realpathSync(kubectl));
const all = readdirSync(folder).filter((name) => /^kubectl\.1\.\d+$/.test(name));
const releases = process.argv.length > 2 ? [] : all.map((name) => join(folder, name));
const suites = process.argv.length > 2 ? ['conformance/realKubectl.conformance.ts'] : [];
process.exit(
  run(
    process.execPath,
    [bin('vitest/vitest.mjs'), 'run', '--config', 'vitest.conformance.config.ts', ...suites],
    {
      env: {
        ...process.env,
        KUBECTL: kubectl,
        KUBECTLS: releases.join(' '),
        TRANSCRIPTS: process.argv.slice(2).join(' '),
      },
    },
  ),
);
