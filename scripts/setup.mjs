// What `npm start` and `npm test` need before anything else: a Node that the pinned tools
// support, and the packages of the lock file. Plain Node, no packages: it runs on a fresh clone.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { root } from './root.mjs';

/** Stops with `message` on standard error: for what the person at the keyboard has to mend. */
export function fail(message) {
  console.error(message);
  process.exit(1);
}

/** Runs a command in the project's root with this terminal's streams; returns its exit code. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  return result.status ?? 1;
}

/** The path of a package's own script, to be run by this same Node. */
export function bin(path) {
  return join(root, 'node_modules', path);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const supported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24;
  if (supported) return;
  fail(
    `Podarium needs Node 20.19 or newer (22.12 or newer of the 22 line); this is Node ${process.versions.node}.\n` +
      'Install a current one from https://nodejs.org and try again.',
  );
}

function installPackages() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const wanted = createHash('sha256').update(lock).digest('hex');
  const stamp = join(root, 'node_modules', '.podarium-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('Installing packages (once) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const status = run(npm, ['ci', '--no-audit', '--no-fund'], { shell: process.platform === 'win32' });
  if (status !== 0) fail('npm ci failed; its own message is above.');
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

/** Checks Node, installs what the lock names, and generates the schemas. */
export async function setUp() {
  checkNode();
  installPackages();
  const { generateSchemas } = await import('./generate-schemas.mjs');
  generateSchemas();
}
