// `npm test`: everything. Installs what it needs, runs the fast checks, then the built app in a real browser.
import { findChromium } from './chromium.mjs';
import { bin, fail, run, setUp } from './setup.mjs';

await setUp();
if (run(process.execPath, ['scripts/check.mjs']) !== 0) fail('npm run check failed; see above.');
const chromium = findChromium();
const status = run(process.execPath, [bin('@playwright/test/cli.js'), 'test'], {
  env: { ...process.env, ...(chromium && { CHROME_PATH: chromium }) },
});
if (status !== 0) fail('The browser tests failed; see above.');
