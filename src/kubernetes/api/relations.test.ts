import { expect, test } from 'vitest';
import type { KubeObject } from './object.ts';
import { relationsOf } from './relations.ts';

function pointsAt(object: object): string[] {
  const whole = { metadata: { namespace: 'shop' }, ...object } as KubeObject;
  return relationsOf(whole).map(({ type, group, kind, namespace, name, labels, controller }) => {
    const target = name ?? JSON.stringify(labels);
    return `${type}${controller ? '!' : ''} ${kind}${group && `.${group}`} ${namespace}/${target}`;
  });
}

test.each<[string, object, string[]]>([
  [
    'a pod',
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        namespace: 'shop',
        ownerReferences: [
          { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'u', controller: true },
        ],
      },
      spec: {
        nodeName: 'n1',
        serviceAccountName: 'default',
        volumes: [
          { name: 'a', configMap: { name: 'settings' } },
          { name: 'b', secret: { secretName: 'keys' } },
          { name: 'c', projected: { sources: [{ configMap: { name: 'kube-root-ca.crt' } }] } },
          { name: 'd', emptyDir: {} },
        ],
        containers: [
          {
            name: 'c',
            env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'settings', key: 'a' } } }],
            envFrom: [{ configMapRef: { name: 'settings' } }, { secretRef: { name: 'keys' } }],
          },
        ],
      },
    },
    [
      'owner! ReplicaSet.apps shop/web-1',
      'node Node /n1',
      'serviceAccount ServiceAccount shop/default',
      'mount ConfigMap shop/settings',
      'mount Secret shop/keys',
      'mount ConfigMap shop/kube-root-ca.crt',
      'environment ConfigMap shop/settings',
      'environment Secret shop/keys',
    ],
  ],
  [
    'a service',
    { apiVersion: 'v1', kind: 'Service', spec: { selector: { app: 'web' } } },
    ['selector Pod shop/{"app":"web"}'],
  ],
  ['a service without selector', { apiVersion: 'v1', kind: 'Service', spec: {} }, []],
  [
    'an autoscaler',
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
    },
    ['scaleTarget Deployment.apps shop/web'],
  ],
  [
    'an endpoint slice',
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
      endpoints: [
        { addresses: ['10.0.0.1'], targetRef: { kind: 'Pod', name: 'web-1' } },
        { addresses: ['10.0.0.2'] },
      ],
    },
    ['service Service shop/web', 'endpoint Pod shop/web-1'],
  ],
  [
    'an ingress',
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      spec: {
        defaultBackend: { service: { name: 'web' } },
        rules: [
          {
            http: {
              paths: [{ backend: { service: { name: 'api' } } }, { backend: { service: { name: 'web' } } }],
            },
          },
        ],
      },
    },
    ['backend Service shop/web', 'backend Service shop/api'],
  ],
  [
    'an event',
    { apiVersion: 'v1', kind: 'Event', involvedObject: { apiVersion: 'v1', kind: 'Node', name: 'n1' } },
    ['about Node /n1'],
  ],
  ['a config map', { apiVersion: 'v1', kind: 'ConfigMap' }, []],
])('%s points at what it needs', (_name, object, expected) => {
  expect(pointsAt(object)).toEqual(expected);
});
