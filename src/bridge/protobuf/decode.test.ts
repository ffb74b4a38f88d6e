import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { decodeProtobuf } from './decode.ts';
import { encodeProtobuf } from './testEncode.ts';

// What a kubectl sends, and the JSON that one without protobuf sends of the same object. Quantities and the like are
// written as the messages that they are.
test.each([
  [
    'zeros of values are left out, zeros of pointers are not',
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', generateName: '', generation: 0, creationTimestamp: {} },
      spec: { replicas: 0, minReadySeconds: 0, paused: false, strategy: {} },
      status: { replicas: 0 },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { replicas: 0, strategy: {} },
      status: {},
    },
  ],
  [
    'embedded structs, quantities, numbers or words, times',
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'a',
        creationTimestamp: { seconds: 1_767_225_600, nanos: 0 },
        labels: { a: '', b: 'c' },
      },
      spec: {
        volumes: [{ name: 'v', volumeSource: { emptyDir: { sizeLimit: { string: '1Gi' } } } }],
        containers: [
          {
            name: 'c',
            livenessProbe: { handler: { httpGet: { port: { type: 1, strVal: 'http' } } }, periodSeconds: 0 },
            readinessProbe: { handler: { tcpSocket: { port: { type: 0, intVal: 80 } } } },
            env: [
              {
                name: 'E',
                valueFrom: {
                  configMapKeyRef: { localObjectReference: { name: 'm' }, key: 'k', optional: false },
                },
              },
            ],
            securityContext: { runAsUser: 0, privileged: false },
          },
        ],
        terminationGracePeriodSeconds: 0,
        hostNetwork: false,
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a', creationTimestamp: '2026-01-01T00:00:00Z', labels: { a: '', b: 'c' } },
      spec: {
        volumes: [{ name: 'v', emptyDir: { sizeLimit: '1Gi' } }],
        containers: [
          {
            name: 'c',
            livenessProbe: { httpGet: { port: 'http' } },
            readinessProbe: { tcpSocket: { port: 80 } },
            env: [{ name: 'E', valueFrom: { configMapKeyRef: { name: 'm', key: 'k', optional: false } } }],
            securityContext: { runAsUser: 0, privileged: false },
          },
        ],
        terminationGracePeriodSeconds: 0,
      },
    },
  ],
  [
    'bytes',
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { a: 'aGVsbG8=', b: '' } },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { a: 'aGVsbG8=', b: '' } },
  ],
  [
    'what every group shares',
    {
      apiVersion: 'policy/v1',
      kind: 'DeleteOptions',
      gracePeriodSeconds: 0,
      propagationPolicy: 'Background',
    },
    {
      apiVersion: 'policy/v1',
      kind: 'DeleteOptions',
      gracePeriodSeconds: 0,
      propagationPolicy: 'Background',
    },
  ],
  [
    'negative numbers',
    { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'low' }, value: -5 },
    { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'low' }, value: -5 },
  ],
])('%s', (_what, sent, meant) => expect(decodeProtobuf(encodeProtobuf(sent))).toEqual(meant));

test.each([
  ['another format', Buffer.from('{}'), /expected prefix/],
  [
    'a cut',
    encodeProtobuf({ apiVersion: 'v1', kind: 'Secret', type: 'x' }).subarray(0, -2),
    /unexpected EOF/,
  ],
  ['no such kind', encodeUnknown(), /no kind "Nobody" is registered for version "v1"/],
  ['a number without end', Buffer.from('6b387300' + 'ff'.repeat(20), 'hex'), /integer overflow/],
])('%s is refused', (_what, bytes, sentence) => {
  expect(() => decodeProtobuf(bytes)).toThrow(sentence);
});

/** A kind that no group has, as long as one that there is. */
function encodeUnknown(): Buffer {
  const bytes = encodeProtobuf({ apiVersion: 'v1', kind: 'Secret' });
  return Buffer.from(bytes.toString('latin1').replace('Secret', 'Nobody'), 'latin1');
}

/** Kubernetes' own fixtures, where they stand beside the checkout. */
const folder = fileURLToPath(new URL('../../../../shared/oracle/api-objects-v1.36/', import.meta.url));
const fixtures = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.pb')) : [];
/** Nobody sends a WatchEvent, and a CSINode's status is younger than the object that was to come back. */
const left = /WatchEvent|CSINode\.after_roundtrip/;

test('every object of Kubernetes’ fixtures decodes to its twin', () => {
  for (const name of fixtures.filter((fixture) => !left.test(fixture))) {
    const twin: unknown = JSON.parse(readFileSync(folder + name.replace(/pb$/, 'json'), 'utf8'));
    expect(decodeProtobuf(readFileSync(folder + name)), name).toEqual(twin);
  }
});
