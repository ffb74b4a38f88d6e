import { expect, test } from 'vitest';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { deployments } from './apps/deployment.ts';
import { pods } from './core/pod.ts';
import { secrets } from './core/secret.ts';
import type { AnyKind } from './kind.ts';
import { decode, decodeValue } from './schema.ts';

const podSpec = (container: object) => ({ containers: [{ name: 'c', ...container }] });

test.each<[string, AnyKind, object, string]>([
  [
    'a string for a number',
    deployments,
    { spec: { replicas: 'three' } },
    'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
  ],
  [
    'a fraction for a number',
    deployments,
    { spec: { replicas: 1.5 } },
    'json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32',
  ],
  [
    'more than 32 bits hold',
    deployments,
    { spec: { replicas: 3_000_000_000 } },
    'json: cannot unmarshal number 3000000000 into Go struct field DeploymentSpec.spec.replicas of type int32',
  ],
  [
    'a number for a name',
    pods,
    { metadata: { name: 5 } },
    'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string',
  ],
  [
    'a number for the value of a label',
    pods,
    { metadata: { labels: { tier: 5 } } },
    'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
  ],
  [
    'an unquoted environment value',
    deployments,
    { spec: { template: { spec: podSpec({ env: [{ name: 'A', value: 1 }] }) } } },
    'json: cannot unmarshal number into Go struct field EnvVar.spec.template.spec.containers.env.value of type string',
  ],
  [
    'a command that is no list',
    pods,
    { spec: podSpec({ command: 'sh' }) },
    'json: cannot unmarshal string into Go struct field Container.spec.containers.command of type []string',
  ],
  [
    'a list for a struct',
    deployments,
    { spec: [] },
    'json: cannot unmarshal array into Go struct field Deployment.spec of type v1.DeploymentSpec',
  ],
  [
    'a struct for a list',
    pods,
    { spec: { containers: { name: 'c' } } },
    'json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container',
  ],
  [
    'an enum that is a number',
    pods,
    { spec: { containers: [], restartPolicy: 1 } },
    'json: cannot unmarshal number into Go struct field PodSpec.spec.restartPolicy of type v1.RestartPolicy',
  ],
  [
    'a quantity that is none',
    pods,
    { spec: podSpec({ resources: { requests: { cpu: 'abc' } } }) },
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  ],
  [
    'a port that is a boolean',
    pods,
    { spec: podSpec({ livenessProbe: { httpGet: { port: true } } }) },
    'json: cannot unmarshal bool into Go value of type int32',
  ],
  [
    'a time that is none',
    pods,
    { metadata: { creationTimestamp: 'noon' } },
    'parsing time "noon" as "2006-01-02T15:04:05Z07:00": cannot parse "noon" as "2006"',
  ],
  ['data that is not base64', secrets, { data: { a: 'h!' } }, 'illegal base64 data at input byte 1'],
])('%s is refused in upstream’s words', (_name, kind, value, sentence) => {
  expect(() => decode(kind, value)).toThrow(
    new StatusError(
      'BadRequest',
      `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: ${sentence}`,
    ),
  );
});

test('every unknown field is named, in the order of the document', () => {
  const value = {
    metadata: { name: 'd', nmae: 'd' },
    spec: { replcas: 3, template: { spec: { containers: [{ name: 'c' }, { name: 'd', imgae: 'x' }] } } },
  };
  expect(() => decode(deployments, value)).toThrow(
    'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: ' +
      'unknown field "metadata.nmae", unknown field "spec.replcas", unknown field "spec.template.spec.containers[1].imgae"',
  );
  const { object, warnings } = decode(deployments, value, 'Warn');
  expect(warnings).toEqual([
    'unknown field "metadata.nmae"',
    'unknown field "spec.replcas"',
    'unknown field "spec.template.spec.containers[1].imgae"',
  ]);
  expect(object).toEqual({
    metadata: { name: 'd' },
    spec: { template: { spec: { containers: [{ name: 'c' }, { name: 'd' }] } } },
  });
  expect(decode(deployments, value, 'Ignore').warnings).toEqual([]);
});

test('unknown fields are reported again for the same object', () => {
  const value = { spec: { replcas: 3 } };
  expect(decodeValue(deployments.schema, value).strictErrors).toHaveLength(1);
  expect(decodeValue(deployments.schema, value).strictErrors).toHaveLength(1);
});

test.each<[string, object, object]>([
  ['null fields go', { spec: { replicas: null, paused: true } }, { spec: { paused: true, template: {} } }],
  [
    'null values of maps become empty',
    { metadata: { labels: { a: null } } },
    { metadata: { labels: { a: '' } } },
  ],
  [
    'what Go always has is there, empty',
    { spec: { template: { spec: podSpec({ ports: [{ name: 'web' }, null] }) } } },
    {
      spec: {
        template: { spec: podSpec({ ports: [{ name: 'web', containerPort: 0 }, { containerPort: 0 }] }) },
      },
    },
  ],
  ['empty lists and maps go', { metadata: { labels: {}, finalizers: [] } }, { metadata: {} }],
  [
    'quantities are canonical',
    { spec: { template: { spec: podSpec({ resources: { limits: { cpu: 0.5, memory: '1024Mi' } } }) } } },
    { spec: { template: { spec: podSpec({ resources: { limits: { cpu: '500m', memory: '1Gi' } } }) } } },
  ],
  [
    'times are in UTC and whole seconds',
    { metadata: { creationTimestamp: '2026-01-02T03:04:05.9+02:00' } },
    { metadata: { creationTimestamp: '2026-01-02T01:04:05Z' } },
  ],
])('%s', (_name, before, after) => {
  expect(decodeValue(deployments.schema, before).value).toEqual(after);
});

test('an object without spec or metadata has empty ones', () => {
  expect(decode(deployments, {}).object).toEqual({ metadata: {}, spec: {} });
  expect(decode(secrets, {}).object).toEqual({ metadata: {} });
});

test('a clean object and its clean parts keep their identity', () => {
  const template = { spec: podSpec({ image: 'nginx' }) };
  const value = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, spec: { template } };
  expect(decode(deployments, value).object).toBe(value);
  const changed = decode(deployments, { ...value, status: null }).object as unknown as typeof value;
  expect(changed.spec).toBe(value.spec);
});
