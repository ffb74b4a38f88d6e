import { expect } from 'vitest';
import type { Answer, Framework } from './framework.ts';

export interface ApiOperations {
  /** Where such objects are made: `/apis/GROUP/VERSION/RESOURCE`, with the namespace where they have one. */
  readonly path: string;
  /** An object without its metadata. */
  readonly object: object;
  /** A status that a client may write, for kinds with that subresource. */
  readonly status?: object;
  /** Set where annotations that are sent with a status stay. */
  readonly marks?: 'annotated';
}

const shown = (seen: readonly { type: string; object: Answer }[]) =>
  seen.map(({ type, object }) => [type, object.metadata.annotations ?? {}]);

/**
 * What upstream's "should support … API operations" tests do with a kind: find it in discovery, create, get, list,
 * watch, patch and update objects and their status, and delete one and a collection.
 */
export async function supportsApiOperations(f: Framework, kind: ApiOperations): Promise<void> {
  const { path, object } = kind;
  const [, groupVersion = '', rest = ''] = /^(\/apis?\/[^/]+(?:\/v[^/]+)?)\/(.*)$/.exec(path)!;
  const resource = rest.replace(/^namespaces\/[^/]+\//, '');
  expectDiscovered(f, groupVersion, resource, rest !== resource);

  const labels = { 'special-label': f.simulation.nowMs.toString() };
  const labelSelector = `special-label=${labels['special-label']}`;
  const make = () => f.create(path, { metadata: { generateName: 'e2e-example-', labels }, ...object });
  const { metadata } = make();
  const others = [make(), make()].map((made) => made.metadata.name);
  const one = `${path}/${metadata.name}`;
  expect(f.get(one).metadata.uid).toBe(metadata.uid);
  const all = [metadata.name, ...others].sort();
  expect(f.names(path, labelSelector).sort()).toEqual(all);
  expect(f.names(`${groupVersion}/${resource}`, labelSelector).sort()).toEqual(all);

  const { resourceVersion } = f.get(path, { labelSelector }).metadata;
  const seen = f.watch(path, { labelSelector, resourceVersion });
  expect(f.patch(one, { metadata: { annotations: { patched: 'true' } } }).metadata.annotations).toMatchObject(
    { patched: 'true' },
  );
  const patched = f.get(one);
  const annotations = { ...patched.metadata.annotations, updated: 'true' };
  f.update(one, { ...patched, metadata: { ...patched.metadata, annotations } });
  await f.pass(2);
  const marked = shown(seen).filter(([, marks]) => JSON.stringify(marks).includes('ed":"true"'));
  expect(marked[0]).toEqual(['MODIFIED', expect.objectContaining({ patched: 'true' })]);
  expect(marked[1]).toEqual(['MODIFIED', expect.objectContaining({ patched: 'true', updated: 'true' })]);
  if (kind.status !== undefined) keepsStatus(f, one, kind.status, kind.marks);

  f.delete(one);
  await f.until(() => !f.has(one));
  expect(f.names(path, labelSelector).sort()).toEqual(others.sort());
  f.delete(path, undefined, { labelSelector });
  await f.until(() => f.names(path, labelSelector).length === 0);
  await f.pass(1);
  expect(seen.filter(({ type }) => type === 'DELETED')).toHaveLength(3);
}

function expectDiscovered(f: Framework, groupVersion: string, resource: string, namespaced: boolean): void {
  const [, group, version] = /^\/apis\/([^/]+)\/(.+)$/.exec(groupVersion) ?? [];
  const versions = [{ groupVersion: `${group}/${version}`, version }];
  if (group !== undefined) {
    const listed = { groups: expect.arrayContaining([expect.objectContaining({ name: group })]) as unknown };
    expect(f.get('/apis')).toMatchObject(listed);
    const { body } = f.send('GET', `/apis/${group}`);
    expect(body).toMatchObject({ versions: expect.arrayContaining(versions) as unknown });
  }
  const { body } = f.send('GET', groupVersion);
  const entry = expect.objectContaining({ name: resource, namespaced }) as unknown;
  expect(body).toMatchObject({ resources: expect.arrayContaining([entry]) as unknown });
}

/** A status that is patched and then put stays, whatever is written beside the subresource. */
export function keepsStatus(f: Framework, one: string, status: object, marks?: 'annotated'): void {
  const marked = (mark: string) => ({ metadata: { annotations: { [mark]: 'true' } } });
  const expected = (mark: string) => ({ status, ...(marks && marked(mark)) });
  expect(f.patch(`${one}/status`, { ...marked('patchedstatus'), status })).toMatchObject(
    expected('patchedstatus'),
  );
  const read = f.get(`${one}/status`);
  expect(read).toMatchObject({ status });
  const annotations = { ...read.metadata.annotations, updatedstatus: 'true' };
  const put = f.update(`${one}/status`, { ...read, metadata: { ...read.metadata, annotations }, status });
  expect(put).toMatchObject(expected('updatedstatus'));
  expect(f.update(one, { ...put, status: {} })).toMatchObject({ status });
}
