import { readFileSync } from 'node:fs';

/** A manifest of `testdata/`. */
export function manifest(name: string): string {
  return readFileSync(new URL(`./testdata/${name}`, import.meta.url), 'utf8');
}
