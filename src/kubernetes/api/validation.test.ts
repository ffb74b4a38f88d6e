import { expect, test } from 'vitest';
import { configMaps } from './core/configMap.ts';
import { pods } from './core/pod.ts';
import { created, createErrors } from './testing/kindTable.ts';
import { validateUpdate } from './validation.ts';

const owner = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u' };

test.each<[string, object, string[]]>([
  ['a generated name', { generateName: 'web-' }, []],
  [
    'a prefix that no name can have',
    { generateName: 'Web-' },
    [
      "metadata.generateName: Invalid value: \"Web-\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ],
  ],
  [
    'a name of 254 letters',
    { name: 'a'.repeat(254) },
    [`metadata.name: Invalid value: "${'a'.repeat(254)}": must be no more than 253 characters`],
  ],
  ['annotations with capitals', { annotations: { 'Example.com/Some.Key': 'anything at all' } }, []],
  [
    'annotations beyond 256 KiB',
    { annotations: { a: 'x'.repeat(262_144) } },
    ['metadata.annotations: Too long: may not be more than 262144 bytes'],
  ],
  [
    'two controllers',
    {
      ownerReferences: [
        { ...owner, controller: true },
        { ...owner, name: 'q', controller: true },
      ],
    },
    [
      `metadata.ownerReferences: Invalid value: ${JSON.stringify([
        { ...owner, controller: true },
        { ...owner, name: 'q', controller: true },
      ])}: Only one reference can have Controller set to true. Found "true" in references for p and q`,
    ],
  ],
  [
    'an owner without uid',
    { ownerReferences: [{ ...owner, uid: '' }] },
    ['metadata.ownerReferences.uid: Invalid value: "": must not be empty'],
  ],
  ['a standard finalizer', { finalizers: ['foregroundDeletion'] }, []],
  [
    'a finalizer of nobody',
    { finalizers: ['mine'] },
    [
      'metadata.finalizers[0]: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
    ],
  ],
])('%s', (_name, metadata, errors) => {
  expect(createErrors(configMaps, { metadata })).toEqual(errors);
});

const old = created(configMaps, {});

function changed(metadata: object, before: object = {}): string[] {
  const previous = { ...old, metadata: { ...old.metadata, ...before } };
  const next = { ...old, metadata: { ...old.metadata, ...before, ...metadata } };
  return validateUpdate(configMaps, next, previous).map(({ field, message }) => `${field}: ${message}`);
}

test.each<[string, object, string[]]>([
  ['labels', { labels: { a: 'b' } }, []],
  ['the uid', { uid: 'other' }, ['metadata.uid: Invalid value: "other": field is immutable']],
  [
    'no version',
    { resourceVersion: '' },
    ['metadata.resourceVersion: Invalid value: "": must be specified for an update'],
  ],
])('an update of %s', (_name, metadata, errors) => {
  expect(changed(metadata)).toEqual(errors);
});

test('what is being deleted gets no new finalizers', () => {
  const deleted = { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['ex.com/f'] };
  expect(changed({ finalizers: ['ex.com/f', 'ex.com/g'] }, deleted)).toEqual([
    'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"ex.com/g"}',
  ]);
  expect(changed({ finalizers: [] }, deleted)).toEqual([]);
});

test('the rules of the kind follow, each said once', () => {
  const pod = created(pods, {});
  const messages = validateUpdate(pods, pod, { ...pod, spec: { ...pod.spec } }).map(({ field }) => field);
  expect(messages).toEqual(['spec.containers']);
});
