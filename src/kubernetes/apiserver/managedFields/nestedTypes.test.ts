import { expect, test } from 'vitest';
import { ownersText } from './testFields.ts';
import { TestServer } from '../testing/testServer.ts';

const things = '/apis/example.com/v1/namespaces/default/things';
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

const string = { type: 'string' };
const set = { type: 'array', items: string, 'x-kubernetes-list-type': 'set' };
const map = { type: 'object', additionalProperties: string };
const named = (value: object) => ({
  type: 'array',
  items: { type: 'object', required: ['name'], properties: { name: string, value } },
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['name'],
});
const struct = (more: object) => ({
  type: 'object',
  nullable: true,
  properties: { name: string, value: { type: 'integer' } },
  ...more,
});

function definition(structType: object): object {
  const properties = {
    listOfLists: named(set),
    listOfMaps: named(map),
    mapOfLists: { type: 'object', additionalProperties: set },
    mapOfMaps: { type: 'object', additionalProperties: map },
    struct: struct(structType),
  };
  const spec = { type: 'object', properties };
  return {
    metadata: { name: 'things.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
        },
      ],
    },
  };
}

/** A server whose things have structs of that type: `granular`, or `atomic`. */
class Things {
  readonly server = new TestServer();

  constructor(structType = 'granular') {
    this.server.send('POST', definitions, definition({ 'x-kubernetes-map-type': structType }));
    this.server.simulation.run({ untilMs: 1_000 });
  }

  /** Changes the type of the struct; the objects stay. */
  become(structType: string): void {
    const next = definition({ 'x-kubernetes-map-type': structType });
    expect(this.server.send('PATCH', `${definitions}/things.example.com`, next).status).toBe(200);
    this.server.simulation.run({ untilMs: this.server.simulation.nowMs + 1_000 });
  }

  /** Null, or the fields with which an apply is in conflict, by manager. */
  apply(manager: string, spec: unknown, force = false): string | null {
    const body = { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 't' }, spec };
    const answer = this.server.send('PATCH', `${things}/t`, body, {
      contentType: 'application/apply-patch+yaml',
      query: { fieldManager: manager, ...(force && { force: 'true' }) },
    });
    if (answer.status < 300) return null;
    return (answer.body as { message: string }).message.replace(/^Apply failed with \d+ conflicts?: /, '');
  }

  update(manager: string, spec: unknown): void {
    const object = this.server.send('GET', `${things}/t`).body as object;
    const query = { fieldManager: manager };
    expect(this.server.send('PUT', `${things}/t`, { ...object, spec }, { query }).status).toBe(200);
  }

  get state(): { spec: unknown; owners: string[] } {
    const object = this.server.send('GET', `${things}/t`).body as { spec?: unknown };
    return {
      spec: object.spec ?? {},
      owners: ownersText(object).map((line) => line.replaceAll('.spec', '').replace(' example.com/v1', '')),
    };
  }
}

// Upstream: structured-merge-diff/merge/nested_test.go
test.each<readonly [first: object, second: object, owned: string]>([
  [
    { listOfLists: [{ name: 'a', value: ['b', 'c'] }] },
    { listOfLists: [{ name: 'a', value: ['a', 'c'] }] },
    '.listOfLists[name="a"] .listOfLists[name="a"].name .listOfLists[name="a"].value[="a"] .listOfLists[name="a"].value[="c"]',
  ],
  [
    { listOfLists: [{ name: 'a', value: ['b', 'c'] }] },
    { listOfLists: [{ name: 'b', value: ['a', 'c'] }] },
    '.listOfLists[name="b"] .listOfLists[name="b"].name .listOfLists[name="b"].value[="a"] .listOfLists[name="b"].value[="c"]',
  ],
  [
    { listOfMaps: [{ name: 'a', value: { b: 'x', c: 'y' } }] },
    { listOfMaps: [{ name: 'a', value: { a: 'x', c: 'z' } }] },
    '.listOfMaps[name="a"] .listOfMaps[name="a"].name .listOfMaps[name="a"].value.a .listOfMaps[name="a"].value.c',
  ],
  [
    { listOfMaps: [{ name: 'a', value: { b: 'x', c: 'y' } }] },
    { listOfMaps: [{ name: 'b', value: { a: 'x', c: 'z' } }] },
    '.listOfMaps[name="b"] .listOfMaps[name="b"].name .listOfMaps[name="b"].value.a .listOfMaps[name="b"].value.c',
  ],
  [
    { mapOfLists: { a: ['b', 'c'] } },
    { mapOfLists: { a: ['a', 'c'] } },
    '.mapOfLists.a .mapOfLists.a[="a"] .mapOfLists.a[="c"]',
  ],
  [
    { mapOfLists: { a: ['b', 'c'] } },
    { mapOfLists: { b: ['a', 'c'] } },
    '.mapOfLists.b .mapOfLists.b[="a"] .mapOfLists.b[="c"]',
  ],
  [
    { mapOfMaps: { a: { b: 'x', c: 'y' } } },
    { mapOfMaps: { a: { a: 'x', c: 'z' } } },
    '.mapOfMaps.a .mapOfMaps.a.a .mapOfMaps.a.c',
  ],
  [
    { mapOfMaps: { a: { b: 'x', c: 'y' } } },
    { mapOfMaps: { b: { a: 'x', c: 'z' } } },
    '.mapOfMaps.b .mapOfMaps.b.a .mapOfMaps.b.c',
  ],
])('who applies %j and then %j', (first, second, owned) => {
  const all = new Things();
  expect(all.apply('default', first)).toBeNull();
  expect(all.apply('default', second)).toBeNull();
  expect(all.state).toEqual({ spec: second, owners: [`default Apply: ${owned}`] });
});

test('who applies nothing any more owns nothing', () => {
  const all = new Things();
  all.apply('default', { struct: { name: 'a', value: 1 } });
  expect(all.apply('default', undefined)).toBeNull();
  expect(all.state).toEqual({ spec: {}, owners: [] });
});

test.each<readonly [name: string, updated: object, applied: object, spec: object]>([
  ['all', { name: 'a', value: 1 }, {}, { struct: { value: 1 } }],
  ['all of the struct', { name: 'a', value: 1 }, { struct: {} }, { struct: { value: 1 } }],
  ['the struct', { name: 'a', value: 1 }, { struct: null }, { struct: { value: 1 } }],
  ['what another took', { name: 'b', value: 1 }, { struct: null }, { struct: { name: 'b', value: 1 } }],
])('who takes away %s leaves what another wrote beside it', (_name, updated, applied, spec) => {
  const all = new Things();
  all.apply('default', { struct: { name: 'a' } });
  all.update('controller', { struct: updated });
  expect(all.apply('default', applied)).toBeNull();
  expect(all.state.spec).toEqual(spec);
});

// Upstream: structured-merge-diff/merge/schema_change_test.go
test('a struct that becomes atomic belongs to whoever had a part of it', () => {
  const all = new Things();
  all.apply('one', { struct: { value: 1 } });
  all.become('atomic');
  expect(all.apply('two', { struct: { name: 'b' } })).toBe('conflict with "one": .spec.struct');
  expect(all.apply('two', { struct: { name: 'b' } }, true)).toBeNull();
  expect(all.state).toEqual({ spec: { struct: { name: 'b' } }, owners: ['two Apply: .struct'] });
});

test('an owner of nothing in it is no owner of the atomic struct', () => {
  const all = new Things();
  all.apply('one', { struct: { value: 1 } });
  all.apply('two', { struct: { value: 2 } }, true);
  all.become('atomic');
  expect(all.apply('three', { struct: { name: 'b' } })).toBe('conflict with "two": .spec.struct');
  expect(all.apply('two', { struct: { name: 'b' } }, true)).toBeNull();
  expect(all.state).toEqual({ spec: { struct: { name: 'b' } }, owners: ['two Apply: .struct'] });
});
