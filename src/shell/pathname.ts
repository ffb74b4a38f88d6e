import type { Process } from '#world/machine/program.ts';
import { resolvePath } from '#world/machine/fileSystem.ts';
import { isPattern, patternOf, unescapePattern } from './text/pattern.ts';

/** The paths that a pattern such as `src/*.ts` matches, sorted; null when there are none. */
export function expandPathname(process: Process, pattern: string): string[] | null {
  if (!isPattern(pattern)) return null;
  let found: string[] = [pattern.startsWith('/') ? '/' : ''];
  const segments = pattern.split('/').filter((segment, index) => segment !== '' || index === 0);
  segments.forEach((segment, index) => {
    if (segment === '') return;
    const last = index === segments.length - 1;
    found = found.flatMap((base) => matchesIn(process, base, segment, last));
  });
  if (pattern.endsWith('/')) found = found.map((path) => `${path}/`);
  return found.length > 0 ? found.sort() : null;
}

function matchesIn(process: Process, base: string, segment: string, last: boolean): string[] {
  const directory = resolvePath(process.workingDirectory, base === '' ? '.' : base);
  const join = (name: string) => (base === '' || base.endsWith('/') ? base + name : `${base}/${name}`);
  const status = (name: string) => statusOf(process, resolvePath(directory, name));
  if (!isPattern(segment)) {
    const name = unescapePattern(segment);
    return status(name) === null ? [] : [join(name)];
  }
  if (statusOf(process, directory)?.type !== 'directory') return [];
  const compiled = patternOf(segment);
  return process.files
    .list(directory)
    .filter((name) => segment.startsWith('.') || !name.startsWith('.'))
    .filter((name) => compiled.matches(name) && (last || status(name)?.type === 'directory'))
    .map(join);
}

function statusOf(process: Process, path: string) {
  try {
    return process.files.status(path);
  } catch {
    return null;
  }
}
