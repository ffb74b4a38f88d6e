// Upstream: Debian's apt-get(8), apt-mark(8), apt-cache(8), as kubeadm's documentation uses them
import { tool } from '#shell/tools/tool.ts';
import type { Process, Program } from '#world/machine/program.ts';
import { releases } from '../releases.ts';
import { type PackageName, packageNames, Packages, packageVersion } from './packages.ts';

const failed = 100;
const megabytes: Readonly<Record<PackageName, number>> = { kubeadm: 12.4, kubectl: 11.5, kubelet: 12.9 };
/** How fast packages arrive, and how long one takes to unpack. */
const bytesPerMs = 30_000;
const unpackMs = 700;

/** `apt`, `apt-get`, `apt-mark` and `apt-cache` of one node. */
export function aptTools(packages: Packages): ReadonlyMap<string, Program> {
  const get = tool((process) => aptGet(process, packages));
  return new Map([
    ['apt', get],
    ['apt-get', get],
    ['apt-mark', tool((process) => aptMark(process, packages))],
    ['apt-cache', tool((process) => aptCache(process, packages))],
  ]);
}

function urlOf(list: string): string {
  return `https://prod-cdn.packages.k8s.io/repositories/isv:/kubernetes:/core:/stable:/v${list}/deb`;
}

async function aptGet(process: Process, packages: Packages): Promise<number> {
  const words = process.args.slice(1).filter((word) => !word.startsWith('-'));
  const has = (...names: string[]) => process.args.some((word) => names.includes(word));
  const [verb, ...names] = words;
  if (verb === 'update') return update(process, packages);
  if (verb === 'install' || verb === 'upgrade')
    return install(process, packages, verb === 'upgrade' ? packageNames : names, {
      isSure: has('-y', '--yes', '-qy'),
      changesHeld: has('--allow-change-held-packages'),
      goesDown: has('--allow-downgrades'),
      isUpgrade: verb === 'upgrade',
    });
  await process.stderr.write(`E: Invalid operation ${verb ?? ''}\n`);
  return failed;
}

async function update(process: Process, packages: Packages): Promise<number> {
  const { stdout, stderr } = process;
  const source = packages.source();
  await process.sleep(500);
  if (source === null) {
    await stdout.write('Reading package lists... Done\n');
    return 0;
  }
  const url = urlOf(source);
  if (!releases.some(({ version }) => version.startsWith(`v${source}.`))) {
    await stdout.write(`Err:1 ${url}  InRelease\n  403  Forbidden\nReading package lists... Done\n`);
    await stderr.write(
      `E: Failed to fetch ${url}/InRelease  403  Forbidden\nE: The repository '${url}  InRelease' is not signed.\n`,
    );
    return failed;
  }
  const isNew = packages.list !== source;
  packages.list = source;
  await stdout.write(
    isNew
      ? `Get:1 ${url}  InRelease [1,227 B]\nGet:2 ${url}  Packages [8,855 B]\nFetched 10.1 kB in 0s (22.3 kB/s)\n`
      : `Hit:1 ${url}  InRelease\n`,
  );
  await stdout.write('Reading package lists... Done\n');
  return 0;
}

interface Wanted {
  readonly name: PackageName;
  readonly version: string;
  /** What was asked for by a version or a pattern. */
  readonly isSelected: boolean;
}

interface InstallOptions {
  readonly isSure: boolean;
  readonly changesHeld: boolean;
  readonly goesDown: boolean;
  readonly isUpgrade: boolean;
}

async function install(
  process: Process,
  packages: Packages,
  words: readonly string[],
  options: InstallOptions,
): Promise<number> {
  const { stdout, stderr } = process;
  await stdout.write(
    'Reading package lists... Done\nBuilding dependency tree... Done\nReading state information... Done\n',
  );
  const found = words.map((word) => find(packages, word));
  const errors = found.filter((one) => typeof one === 'string');
  if (errors.length > 0) {
    await stderr.write(errors.map((error) => `${error}\n`).join(''));
    return failed;
  }
  const wanted = (found as Wanted[]).filter(({ name }) => !options.isUpgrade || !packages.held.has(name));
  for (const { name, version, isSelected } of wanted)
    if (isSelected)
      await stdout.write(
        `Selected version '${packageVersion(version)}' (isv:kubernetes:core:stable:v${packages.list}:pkgs.k8s.io [amd64]) for '${name}'\n`,
      );
  const changes = wanted.filter(({ name, version }) => packages.versionOf(name) !== version);
  for (const { name, version } of wanted)
    if (packages.versionOf(name) === version && !options.isUpgrade)
      await stdout.write(`${name} is already the newest version (${packageVersion(version)}).\n`);
  const names = (ones: readonly Wanted[]) =>
    `  ${ones
      .map(({ name }) => name)
      .sort()
      .join(' ')}\n`;
  const isDown = ({ name, version }: Wanted) => releaseAge(version) > releaseAge(packages.versionOf(name));
  const [down, up] = [changes.filter(isDown), changes.filter((one) => !isDown(one))];
  const held = changes.filter(({ name }) => packages.held.has(name));
  if (held.length > 0) await stdout.write(`The following held packages will be changed:\n${names(held)}`);
  if (up.length > 0) await stdout.write(`The following packages will be upgraded:\n${names(up)}`);
  if (down.length > 0) await stdout.write(`The following packages will be DOWNGRADED:\n${names(down)}`);
  const newer = packageNames.filter(
    (name) =>
      !changes.some((one) => one.name === name) &&
      releaseAge(packages.available()[0] ?? packages.versionOf(name)) < releaseAge(packages.versionOf(name)),
  );
  await stdout.write(
    `${up.length} upgraded, 0 newly installed, ${down.length > 0 ? `${down.length} downgraded, ` : ''}0 to remove and ${newer.length} not upgraded.\n`,
  );
  if (changes.length === 0) return 0;
  if (options.isSure && held.length > 0 && !options.changesHeld) {
    await stderr.write(
      'E: Held packages were changed and -y was used without --allow-change-held-packages.\n',
    );
    return failed;
  }
  if (options.isSure && down.length > 0 && !options.goesDown) {
    await stderr.write('E: Packages were downgraded and -y was used without --allow-downgrades.\n');
    return failed;
  }
  if (!options.isSure) {
    await stdout.write('Do you want to continue? [Y/n] ');
    if (!/^y?$/i.test(((await process.stdin.readLine()) ?? 'n').trim())) {
      await stdout.write('Abort.\n');
      return 1;
    }
  }
  await unpack(process, packages, changes);
  return 0;
}

async function unpack(process: Process, packages: Packages, changes: readonly Wanted[]): Promise<void> {
  const { stdout } = process;
  const sorted = [...changes].sort((a, b) => packageNames.indexOf(a.name) - packageNames.indexOf(b.name));
  const size = sorted.reduce((sum, { name }) => sum + megabytes[name], 0);
  await stdout.write(`Need to get ${size.toFixed(1)} MB of archives.\n`);
  for (const [at, { name, version }] of sorted.entries())
    await stdout.write(
      `Get:${at + 1} ${urlOf(packages.list)}  ${name} ${packageVersion(version)} [${megabytes[name].toFixed(1)} MB]\n`,
    );
  const fetchMs = (size * 1_000_000) / bytesPerMs;
  await process.sleep(Math.round(fetchMs));
  await stdout.write(
    `Fetched ${size.toFixed(1)} MB in ${Math.round(fetchMs / 1000)}s (${(bytesPerMs / 1000).toFixed(1)} MB/s)\n`,
  );
  for (const { name, version } of sorted) {
    const before = packageVersion(packages.versionOf(name));
    const after = packageVersion(version);
    await process.sleep(unpackMs);
    await stdout.write(
      `Preparing to unpack .../${name}_${after}_amd64.deb ...\nUnpacking ${name} (${after}) over (${before}) ...\n`,
    );
  }
  for (const { name, version } of sorted) {
    packages.install(name, version);
    await stdout.write(`Setting up ${name} (${packageVersion(version)}) ...\n`);
  }
}

/** A word such as `kubeadm`, `kubeadm=1.36.0-1.1` or `kubeadm=1.36.0-*`; a text is what apt says when it is none. */
function find(packages: Packages, word: string): Wanted | string {
  const [name = '', pattern] = word.split('=');
  if (!isPackage(name)) return `E: Unable to locate package ${name}`;
  const available = packages.available();
  if (pattern === undefined)
    return { name, version: available[0] ?? packages.versionOf(name), isSelected: false };
  const matches = new RegExp(`^${pattern.replace(/[.+?^$()|[\]{}\\]/g, '\\$&').replaceAll('*', '.*')}$`);
  const version = available.find((one) => matches.test(packageVersion(one)));
  if (version === undefined) return `E: Version '${pattern}' for '${name}' was not found`;
  return { name, version, isSelected: pattern.includes('*') };
}

function isPackage(name: string): name is PackageName {
  return packageNames.some((one) => one === name);
}

/** 0 is the newest. */
function releaseAge(version: string): number {
  return releases.findIndex((release) => release.version === version);
}

async function aptMark(process: Process, packages: Packages): Promise<number> {
  const [verb = '', ...names] = process.args.slice(1);
  const { held } = packages;
  if (verb === 'showhold') {
    await process.stdout.write(
      [...held]
        .sort()
        .map((name) => `${name}\n`)
        .join(''),
    );
    return 0;
  }
  if (verb !== 'hold' && verb !== 'unhold') {
    await process.stderr.write(`E: Invalid operation ${verb}\n`);
    return failed;
  }
  for (const name of names) {
    if (!isPackage(name)) {
      await process.stderr.write(`E: Unable to locate package ${name}\n`);
      return failed;
    }
    const was = held.has(name);
    if (verb === 'hold') held.add(name);
    else held.delete(name);
    const already = was === (verb === 'hold');
    const text =
      verb === 'hold'
        ? `${name} ${already ? 'was already set' : 'set'} on hold.`
        : already
          ? `${name} was already not on hold.`
          : `Canceled hold on ${name}.`;
    await process.stdout.write(`${text}\n`);
  }
  return 0;
}

async function aptCache(process: Process, packages: Packages): Promise<number> {
  const [verb = '', ...names] = process.args.slice(1);
  if (verb !== 'madison' && verb !== 'policy') {
    await process.stderr.write(`E: Invalid operation ${verb}\n`);
    return failed;
  }
  const source = `https://pkgs.k8s.io/core:/stable:/v${packages.list}/deb  Packages`;
  for (const name of names) {
    if (!isPackage(name)) {
      await process.stderr.write(`N: Unable to locate package ${name}\n`);
      continue;
    }
    const versions = packages.available().map(packageVersion);
    await process.stdout.write(
      verb === 'madison'
        ? versions.map((version) => `${name.padStart(10)} | ${version} | ${source}\n`).join('')
        : `${name}:\n  Installed: ${packageVersion(packages.versionOf(name))}\n  Candidate: ${versions[0] ?? '(none)'}\n`,
    );
  }
  return 0;
}
