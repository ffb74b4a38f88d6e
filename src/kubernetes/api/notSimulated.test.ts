import { expect, test } from 'vitest';
import { alphaKinds } from './alphaKinds.ts';
import { deployments } from './apps/deployment.ts';
import { pods } from './core/pod.ts';
import { services } from './core/service.ts';
import { definition, type FieldType } from './definitions.ts';
import { KindSet } from './kindSet.ts';
import { notSimulated, warningsFor } from './notSimulated.ts';
import type { KubeObject } from './object.ts';
import { builtInKinds } from './registry.ts';

const kinds = new KindSet([...builtInKinds.all, ...alphaKinds.map(({ kind }) => kind)]);

test('a field that nothing acts on is named with its path and what it lacks', () => {
  const deployment = {
    spec: {
      template: {
        spec: {
          containers: [{ name: 'a' }, { name: 'b', securityContext: { privileged: true } }],
          hostPID: true,
        },
      },
    },
  } as unknown as KubeObject;
  expect(warningsFor(deployments, deployment)).toEqual([
    'spec.template.spec.containers[1].securityContext.privileged: stored, but not simulated by Podarium yet: containers have no capabilities',
    'spec.template.spec.hostPID: stored, but not simulated by Podarium yet: the pod has processes of its own',
  ]);
});

test.each<[string, object, number]>([
  ['nothing for a plain pod as the server defaults it', { spec: { ...defaulted() } }, 0],
  ['nothing for a shared namespace that is off', { spec: { ...defaulted(), hostPID: false } }, 0],
  ['nothing for a pod of the system that nodes run', { spec: { ...defaulted(), os: { name: 'linux' } } }, 0],
  ['a pod of another system', { spec: { ...defaulted(), os: { name: 'windows' } } }, 1],
  ["the host's processes", { spec: { ...defaulted(), hostPID: true } }, 1],
  [
    'an NFS share, not a config map',
    {
      spec: {
        ...defaulted(),
        volumes: [
          { name: 'a', configMap: {} },
          { name: 'b', nfs: { server: 's', path: '/' } },
        ],
      },
    },
    1,
  ],
])('%s', (_name, pod, count) => {
  expect(warningsFor(pods, pod as KubeObject)).toHaveLength(count);
});

function defaulted() {
  return {
    containers: [{ name: 'c', terminationMessagePolicy: 'File', resources: {} }],
    securityContext: {},
    dnsPolicy: 'ClusterFirst',
    preemptionPolicy: 'PreemptLowerPriority',
  };
}

test('values that need no simulation are not warned of', () => {
  const spec = { type: 'NodePort', sessionAffinity: 'None', externalTrafficPolicy: 'Cluster' };
  expect(warningsFor(services, { spec } as unknown as KubeObject)).toEqual([]);
  const other = { type: 'LoadBalancer', ipFamilyPolicy: 'PreferDualStack' };
  expect(warningsFor(services, { spec: other } as unknown as KubeObject)).toHaveLength(1);
});

test('every row is about a field of a registered kind', () => {
  for (const [name, rows] of Object.entries(notSimulated)) {
    const at = name.lastIndexOf('/');
    const kind = kinds.findKind(name.slice(0, at), name.slice(at + 1));
    expect(kind, name).toBeDefined();
    for (const { path } of rows) {
      let type: FieldType | undefined = { is: 'object', name: kind!.schema };
      for (const step of path.split('.')) {
        const fields: ReadonlyMap<string, { type: FieldType }> =
          type?.is === 'object' ? definition(type.name).fields : new Map();
        type = fields.get(step.replace('[]', ''))?.type;
        if (step.endsWith('[]')) type = type?.is === 'list' ? type.of : undefined;
      }
      expect(type, `${name} ${path}`).toBeDefined();
    }
  }
});
