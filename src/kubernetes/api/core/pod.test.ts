import { expect, test } from 'vitest';
import { cells, created, createErrors, stored, updateErrors } from '../testing/kindTable.ts';
import { validatePodStatusUpdate } from '../podUpdate.ts';
import { pods } from './pod.ts';

const spec = { containers: [{ name: 'c', image: 'nginx:1.29' }] };

/** What the server fills into every pod. Recorded from a real one; serviceAccount and tolerations are admission's. */
const filled = {
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  dnsPolicy: 'ClusterFirst',
  securityContext: {},
  schedulerName: 'default-scheduler',
  enableServiceLinks: true,
};

const filledContainer = {
  resources: {},
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  imagePullPolicy: 'IfNotPresent',
};

const filledProbe = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };

test.each<[string, object, object]>([
  ['the least', { name: 'c', image: 'x:1' }, { name: 'c', image: 'x:1', ...filledContainer }],
  [
    'an image without tag',
    { name: 'c', image: 'nginx' },
    { name: 'c', image: 'nginx', ...filledContainer, imagePullPolicy: 'Always' },
  ],
  [
    'an image with a digest',
    { name: 'c', image: 'localhost:5000/nginx@sha256:0' },
    { name: 'c', image: 'localhost:5000/nginx@sha256:0', ...filledContainer },
  ],
  [
    'probes, ports and limits',
    {
      name: 'c',
      image: 'x:1',
      livenessProbe: { httpGet: { port: 80 } },
      readinessProbe: { tcpSocket: { port: 80 } },
      startupProbe: { exec: { command: ['true'] }, periodSeconds: 5 },
      ports: [{ containerPort: 80 }],
      resources: { limits: { cpu: '1', memory: '64Mi' } },
    },
    {
      name: 'c',
      image: 'x:1',
      ...filledContainer,
      livenessProbe: { httpGet: { path: '/', port: 80, scheme: 'HTTP' }, ...filledProbe },
      readinessProbe: { tcpSocket: { port: 80 }, ...filledProbe },
      startupProbe: { exec: { command: ['true'] }, ...filledProbe, periodSeconds: 5 },
      ports: [{ containerPort: 80, protocol: 'TCP' }],
      resources: { limits: { cpu: '1', memory: '64Mi' }, requests: { cpu: '1', memory: '64Mi' } },
    },
  ],
  [
    'environment and hooks',
    {
      name: 'c',
      image: 'x:1',
      env: [
        { name: 'N', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
        { name: 'E', value: '1' },
      ],
      lifecycle: { preStop: { httpGet: { port: 80 } } },
    },
    {
      name: 'c',
      image: 'x:1',
      ...filledContainer,
      env: [
        { name: 'N', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } } },
        { name: 'E', value: '1' },
      ],
      lifecycle: { preStop: { httpGet: { path: '/', port: 80, scheme: 'HTTP' } } },
    },
  ],
])('a container with %s', (_name, container, expected) => {
  const pod = created(pods, { spec: { containers: [container] } });
  expect(pod.spec).toEqual({ ...filled, containers: [expected] });
  expect(pods.defaults!(pod)).toBe(pod);
});

test('volumes', () => {
  const volumes = [
    { name: 'a', configMap: { name: 'x' } },
    { name: 'b', secret: { secretName: 'x' } },
    { name: 'd' },
    {
      name: 'e',
      projected: { sources: [{ serviceAccountToken: { path: 't' } }, { configMap: { name: 'x' } }] },
    },
    { name: 'f', downwardAPI: { items: [{ path: 'l', fieldRef: { fieldPath: 'metadata.labels' } }] } },
    { name: 'g', hostPath: { path: '/x' } },
  ];
  expect(created(pods, { spec: { ...spec, volumes } }).spec.volumes).toEqual([
    { name: 'a', configMap: { name: 'x', defaultMode: 420 } },
    { name: 'b', secret: { secretName: 'x', defaultMode: 420 } },
    { name: 'd', emptyDir: {} },
    {
      name: 'e',
      projected: {
        sources: [
          { serviceAccountToken: { expirationSeconds: 3600, path: 't' } },
          { configMap: { name: 'x' } },
        ],
        defaultMode: 420,
      },
    },
    {
      name: 'f',
      downwardAPI: {
        items: [{ path: 'l', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.labels' } }],
        defaultMode: 420,
      },
    },
    { name: 'g', hostPath: { path: '/x', type: '' } },
  ]);
});

test('on the host’s network a container’s port is the host’s', () => {
  const containers = [{ name: 'c', image: 'x:1', ports: [{ containerPort: 80 }] }];
  const pod = created(pods, { spec: { hostNetwork: true, containers } });
  expect(pod.spec.containers[0]!.ports).toEqual([{ hostPort: 80, containerPort: 80, protocol: 'TCP' }]);
});

test('pods of one template share what the server fills in', () => {
  const shared = { containers: [{ name: 'c', image: 'x:1', resources: { limits: { cpu: '1' } } }] };
  const first = pods.defaults!(created(pods, { spec: shared }));
  const second = pods.defaults!({ ...first, spec: { ...first.spec, nodeName: 'n2' } });
  expect(second.spec.containers).toBe(first.spec.containers);
});

test('a new pod is Pending, with the quality of service that its resources earn', () => {
  expect(created(pods, { spec, status: { phase: 'Running' } }).status).toEqual({
    phase: 'Pending',
    qosClass: 'BestEffort',
  });
});

test.each<[string, object, string[]]>([
  ['good', { spec }, []],
  [
    'an image with spaces around',
    { spec: { containers: [{ name: 'c', image: ' x ' }] } },
    ['spec.containers[0].image: Invalid value: " x ": must not have leading or trailing whitespace'],
  ],
  [
    'an ephemeral container',
    { spec: { ...spec, ephemeralContainers: [{ name: 'e', image: 'x' }] } },
    ['spec.ephemeralContainers: Forbidden: cannot be set on create'],
  ],
  ['no spec', {}, ['spec.containers: Required value']],
])('%s', (_name, manifest, errors) => {
  expect(createErrors(pods, manifest)).toEqual(errors);
});

const fixed =
  'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n';

test.each<[string, object, string[]]>([
  ['the image', { containers: [{ name: 'c', image: 'nginx:2' }] }, []],
  [
    'the restart policy',
    { ...spec, restartPolicy: 'Never' },
    [
      `${fixed}@@ -35,7 +35,7 @@
   }
  ],
  "EphemeralContainers": null,
- "RestartPolicy": "Always",
+ "RestartPolicy": "Never",
  "TerminationGracePeriodSeconds": 30,
  "ActiveDeadlineSeconds": null,
  "DNSPolicy": "ClusterFirst",
`,
    ],
  ],
  ['a list, which is empty', { ...spec, imagePullSecrets: [] }, []],
  [
    'the command, and where it runs',
    { containers: [{ name: 'c', image: 'nginx:2', command: ['sh', '-c', 'a > b'] }], nodeName: 'n' },
    [
      `${fixed}@@ -5,7 +5,11 @@
   {
    "Name": "c",
    "Image": "nginx:1.29",
-   "Command": null,
+   "Command": [
+    "sh",
+    "-c",
+    "a \\u003e b"
+   ],
    "Args": null,
    "WorkingDir": "",
    "Ports": null,
@@ -42,7 +46,7 @@
  "NodeSelector": null,
  "ServiceAccountName": "",
  "AutomountServiceAccountToken": null,
- "NodeName": "",
+ "NodeName": "n",
  "SecurityContext": {
   "HostNetwork": false,
   "HostPID": false,
`,
    ],
  ],
  [
    'the number of containers',
    { containers: [...spec.containers, { name: 'd', image: 'x:1' }] },
    ['spec.containers: Forbidden: pod updates may not add or remove containers'],
  ],
  ['a new toleration', { ...spec, tolerations: [{ key: 'a', operator: 'Exists' }] }, []],
  ['a new deadline', { ...spec, activeDeadlineSeconds: 5 }, []],
])('an update of %s', (_name, next, errors) => {
  expect(updateErrors(pods, { spec }, { spec: next })).toEqual(errors);
});

const asks = (...terms: object[]) => ({
  affinity: {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } },
  },
});
const [isA, isB] = ['a', 'b'].map((key) => ({ key, operator: 'Exists' }));
const terms = 'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms';
const only = 'only additions are allowed (no mutations or deletions)';

// Upstream: TestValidatePodUpdate, the cases of gated pods.
test.each<[string, object, object, string[]]>([
  ['more labels', { nodeSelector: { a: '1' } }, { nodeSelector: { a: '1', b: '2' } }, []],
  [
    'other labels',
    { nodeSelector: { a: '1' } },
    { nodeSelector: { b: '2' } },
    [
      'spec.nodeSelector: Invalid value: {"b":"2"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)',
    ],
  ],
  ['its first affinity', {}, asks({ matchExpressions: [isA] }), []],
  ['no affinity any more, where it asked for nothing', { affinity: { nodeAffinity: {} } }, {}, []],
  ['more of a term', asks({ matchExpressions: [isA] }), asks({ matchExpressions: [isA, isB] }), []],
  [
    'another order',
    asks({ matchExpressions: [isA, isB] }),
    asks({ matchExpressions: [isB, isA] }),
    [
      `${terms}[0]: Invalid value: {"MatchExpressions":[{"Key":"b","Operator":"Exists","Values":null},{"Key":"a","Operator":"Exists","Values":null}],"MatchFields":null}: ${only}`,
    ],
  ],
  [
    'less terms',
    asks({ matchExpressions: [isA] }, { matchExpressions: [isB] }),
    asks({ matchExpressions: [isA] }),
    [
      `${terms}: Invalid value: [{"MatchExpressions":[{"Key":"a","Operator":"Exists","Values":null}],"MatchFields":null}]: no additions/deletions to non-empty NodeSelectorTerms list are allowed`,
    ],
  ],
])('a pod behind gates that asks for %s', (_name, old, next, errors) => {
  const gated = { ...spec, schedulingGates: [{ name: 'g' }] };
  expect(updateErrors(pods, { spec: { ...gated, ...old } }, { spec: { ...gated, ...next } })).toEqual(errors);
});

test.each([
  [{ restartPolicy: 'Never' }, 0, 1],
  [{ restartPolicy: 'OnFailure' }, 0, 1],
  [{ restartPolicy: 'OnFailure' }, 1, 0],
  [{ restartPolicy: 'Always' }, 0, 0],
])('with %j a container that ended with %i may start again: %i errors', (policy, exitCode, count) => {
  const container = { name: 'c', image: 'x', imageID: '', ready: false, restartCount: 0 };
  const old = stored(pods, {
    spec: { ...spec, ...policy },
    status: { containerStatuses: [{ ...container, state: { terminated: { exitCode } } }] },
  });
  const status = { containerStatuses: [{ ...container, state: { running: {} } }] };
  expect(validatePodStatusUpdate({ ...old, status }, old)).toHaveLength(count);
});

test('columns', () => {
  const pod = stored(pods, {
    spec: { ...spec, nodeName: 'n1', readinessGates: [{ conditionType: 'example.com/lb' }] },
    status: {
      phase: 'Running',
      podIPs: [{ ip: '10.1.0.5' }],
      conditions: [{ type: 'example.com/lb', status: 'True' }],
      containerStatuses: [
        {
          name: 'c',
          ready: true,
          restartCount: 3,
          state: { running: {} },
          lastState: { terminated: { exitCode: 1, finishedAt: '2026-01-01T00:58:00Z' } },
        },
      ],
    },
  });
  expect(cells(pods, pod, true)).toEqual({
    Name: 'x',
    Ready: '1/1',
    Status: 'Running',
    Restarts: '3 (2m ago)',
    Age: '60m',
    IP: '10.1.0.5',
    Node: 'n1',
    'Nominated Node': '<none>',
    'Readiness Gates': '1/1',
  });
});

test.each([
  ['spec.nodeName', ''],
  ['spec.restartPolicy', 'Always'],
  ['spec.hostNetwork', 'false'],
  ['status.phase', 'Pending'],
])('%s selects as %j', (field, value) => {
  expect(pods.selectableFields).toContain(field);
  expect(pods.fieldValue!(created(pods, { spec }), field)).toBe(value);
});
