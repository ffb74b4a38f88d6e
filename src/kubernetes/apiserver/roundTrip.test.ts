import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { pathOf } from '#kubernetes/api/kind.ts';
import { builtInKinds } from '#kubernetes/api/registry.ts';
import { decode } from '#kubernetes/api/schema.ts';
import { TestServer } from './testing/testServer.ts';

/** One fully filled object of every kind, if the machine has them: beside the checkout, or beside its worktrees. */
const folder = ['..', '../..']
  .map((up) => join(import.meta.dirname, '../../..', up, 'shared/oracle/api-objects-v1.36'))
  .find(existsSync);

const objects = (folder === undefined ? [] : readdirSync(folder))
  // An `after_roundtrip` file is what another release makes of the object.
  .filter((name) => name.endsWith('.json') && !name.includes('.after_roundtrip.'))
  .map((name) => JSON.parse(readFileSync(join(folder!, name), 'utf8')) as Partial<KubeObject>)
  .flatMap((object) => {
    const kind = builtInKinds.findKind(object.apiVersion ?? '', object.kind ?? '');
    const name = `${object.apiVersion} ${object.kind}`;
    return kind === undefined ? [] : [{ name, kind, object: object as KubeObject }];
  });

test('every filled object passes through schema, store and read with no field lost', () => {
  const { server } = new TestServer();
  for (const { name, kind, object } of objects) {
    const read = decode(kind, object, 'Strict').object;
    expect(read, name).toEqual(object);
    // The values are filler that no validation lets pass: the object is put where a create would have put it.
    const stored = kind.storage?.toStored(read) ?? read;
    const { resourceVersion } = server.storage.put(kind.storage?.kind ?? kind, stored, undefined).metadata;
    const answer = server.handle({
      method: 'GET',
      path: pathOf(kind, object.metadata.namespace, object.metadata.name),
      user: { name: 'kubernetes-admin', groups: ['system:masters'] },
    });
    const metadata = { ...object.metadata, resourceVersion };
    // A view such as autoscaling/v1 shows what it has no field for in annotations.
    if (kind.storage) expect(answer.body, name).toMatchObject({ ...object, metadata });
    else expect(answer.body, name).toEqual({ ...object, metadata });
    server.storage.remove(kind.storage?.kind ?? kind, stored);
  }
});

test('the objects of most kinds are there, if any are', () => {
  if (folder !== undefined) expect(objects.length).toBeGreaterThan(builtInKinds.all.length * 0.9);
});
