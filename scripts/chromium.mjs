// Finds a Chromium for the browser tests, or installs one where that is possible without asking.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { bin, fail, run } from './setup.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const fixed = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function onPath() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return [...candidates, ...fixed].find(isExecutable);
}

function installFromDebian() {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return false;
  console.log('Installing the chromium package for the browser tests (once) …');
  const quiet = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  spawnSync('apt-get', ['update'], quiet);
  return spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], quiet).status === 0;
}

/** The path of a Chromium, or null where Playwright's own is installed. */
export function findChromium() {
  const given = process.env.CHROME_PATH;
  if (given) return isExecutable(given) ? given : fail(`CHROME_PATH names ${given}, which is not a program.`);
  const found = onPath() ?? (installFromDebian() ? onPath() : undefined);
  if (found) return found;
  if (run(process.execPath, [bin('@playwright/test/cli.js'), 'install', 'chromium']) === 0) return null;
  return fail(
    'The browser tests need a Chromium, and none could be installed.\n' +
      'Install one (on Debian: sudo apt-get install chromium), or set CHROME_PATH to yours, and run npm test again.',
  );
}
