import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Node } from '#generated/types/core.v1.ts';
import type { ApiRequest } from '#kubernetes/api/request.ts';
import { TestWorkstation } from './testWorkstation.ts';

const read = (name: string) => readFileSync(new URL(`./testdata/${name}`, import.meta.url), 'utf8');

/** What differs from run to run, and what the cluster says of itself rather than kubectl. */
function normal(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/\d{4}-\d\d-\d\d [\d:]+ \+0000 UTC|\w{3}, \d\d \w{3} \d{4} [\d:]+ \+0000/g, 'TIME')
    .replace(/(Resource Version: +)\d+/g, '$1RV')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]+/g, 'UID')
    .replace(/"?resourceVersion"?: ?"\d+"/g, 'RV')
    .replace(/^( *)RV,?$/gm, '$1RV')
    .replace(/\d+\.\d+\.\d+\.\d+/g, 'IP')
    .split('\n')
    .filter((line) => !/^Warning: .*not simulated by Podarium/.test(line))
    .map((line) =>
      /\b(324d|0s|AGE)\b/.test(line) ? line.replace(/\b(324d|0s)\b/g, 'AGE').replace(/ {2,}/g, '  ') : line,
    )
    .join('\n');
}

type Seed = [ApiRequest['method'], string, unknown, Partial<ApiRequest>][];

/** The taint that keeps pods off a new node goes as the node lifecycle controller would take it off. */
function untaint(workstation: TestWorkstation, { metadata, spec }: Node): void {
  const patch = { spec: { taints: spec.taints ?? null } };
  const contentType = 'application/merge-patch+json';
  workstation.send('PATCH', `/api/v1/nodes/${metadata.name}`, patch, { contentType });
}

// Each transcript is what the real kubectl (1.33 for reads, 1.31 where later ones send protobuf) printed against this
// API server, both streams together, with the exit code at the end.
test.each([
  ['reads.transcript', true],
  ['changes.transcript', true],
  ['apply.transcript', false],
  ['limits.transcript', false],
  ['rbac.transcript', false],
  ['serverSideApply.transcript', false],
  ['classes.transcript', false],
  ['access.transcript', false],
  ['certificates.transcript', false],
])('%s: every command prints what the real kubectl printed', async (name, seeded) => {
  const workstation = new TestWorkstation();
  if (['access.transcript', 'certificates.transcript'].includes(name)) workstation.installAccess();
  if (seeded)
    for (const [method, path, body, more] of JSON.parse(read('seed.json')) as Seed) {
      workstation.send(method, path, body, more);
      if (method === 'POST' && path.endsWith('/nodes')) untaint(workstation, body as Node);
    }
  for (const file of readdirSync(new URL('./testdata/manifests/', import.meta.url))) {
    workstation.files.write(`/root/${file}`, read(`manifests/${file}`));
  }
  const entries = read(name)
    .split(/^\$ kubectl /m)
    .slice(1);
  for (const entry of entries) {
    const end = entry.indexOf('\n');
    const line = entry.slice(0, end);
    // A word of JSON is one word here, as it was when it was recorded.
    const quoted = line.includes("'")
      ? line
      : line
          .split(' ')
          .map((word) => (/[{["]/.test(word) ? `'${word}'` : word))
          .join(' ');
    const { out, err, code } = await workstation.run(quoted);
    expect(`$ kubectl ${line}\n${normal(`${out}${err}[${code}]`).trim()}`).toBe(
      `$ kubectl ${line}\n${normal(entry.slice(end + 1)).trim()}`,
    );
  }
});
