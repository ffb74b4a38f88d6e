import type { Image } from '#world/machine/image.ts';
import { MemoryFileSystem } from '#world/machine/memoryFileSystem.ts';

const bases = new WeakMap<Image, MemoryFileSystem>();

/** Images were built before any session began; their files' times are the same in all of them. */
const built = { nowMs: Date.UTC(2025, 10, 3, 12, 0, 0) };

/** The image's own files, one tree for all containers that never write. */
export function baseFiles(image: Image): MemoryFileSystem {
  let base = bases.get(image);
  if (base === undefined) {
    base = new MemoryFileSystem(built);
    for (const directory of [
      '/tmp',
      '/dev',
      '/root',
      '/etc',
      '/var',
      '/proc',
      '/usr/bin',
      '/bin',
      image.workingDirectory,
    ])
      base.makeDirectory(directory, { parents: true });
    base.setAccess('/tmp', { mode: 0o1777 });
    base.setAccess('/root', { mode: 0o700 });
    for (const [path, text] of Object.entries(image.files)) {
      base.makeDirectory(path.slice(0, path.lastIndexOf('/')) || '/', { parents: true });
      base.write(path, text);
    }
    bases.set(image, base);
  }
  return base;
}
