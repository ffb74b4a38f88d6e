import { expect, test } from 'vitest';
import type { Pod } from '#generated/types/core.v1.ts';
import { deployments } from '#kubernetes/api/apps/deployment.ts';
import { jobs } from '#kubernetes/api/batch/job.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { resourceQuotas } from '#kubernetes/api/core/resourceQuota.ts';
import { endpointSlices } from '#kubernetes/api/discovery/endpointSlice.ts';
import type { Kind } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { clusterRoleBindings } from '#kubernetes/api/rbac/clusterRoleBinding.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import { storagePrefix } from '#kubernetes/apiserver/storage.ts';
import { Client } from '#kubernetes/client/client.ts';
import '#images/installedTools.ts';
import { images } from '#images/registry.ts';
import { runWithHops } from '#sim/deferred.ts';
import { Simulation } from '#sim/simulation.ts';
import { Cluster } from '../cluster.ts';
import { laterParts } from '../laterParts.ts';
import { checkConverged } from './converged.ts';
import { lookMs, Watch } from './invariants.ts';
import { objects } from './objects.ts';
import { createWorkloads } from './workloads.ts';

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));
const startMs = Date.UTC(2026, 0, 5);

/** A cluster that is well, and ways to make it ill that no controller would take. */
class Patient {
  static async create(): Promise<Patient> {
    const simulation = new Simulation({ seed: 'patient', startMs });
    const size = { cpu: '2', memory: '4Gi', podsMax: 12, zone: '' };
    const cluster = new Cluster({
      simulation,
      nodes: ['node-1', 'node-2', 'node-3'].map((name) => ({ ...size, name })),
    });
    cluster.installImages(images);
    cluster.start();
    const patient = new Patient(simulation, cluster);
    await patient.pass(1);
    cluster.install(laterParts);
    await patient.pass(30);
    // The smallest mix that has one of each.
    createWorkloads(patient.client, { below: () => 0 });
    await patient.pass(90);
    expect([...patient.watch.violations, ...checkConverged(cluster)]).toEqual([]);
    return patient;
  }

  readonly simulation: Simulation;
  readonly cluster: Cluster;
  readonly watch: Watch;
  readonly client: Client;

  constructor(simulation: Simulation, cluster: Cluster) {
    this.simulation = simulation;
    this.cluster = cluster;
    this.watch = new Watch(cluster);
    this.client = new Client(cluster.apiServer.handle, { name: 'admin', groups: ['system:masters'] });
  }

  async pass(seconds: number): Promise<void> {
    const endMs = this.simulation.nowMs + seconds * 1000;
    while (this.simulation.nowMs < endMs) {
      await runWithHops(this.simulation, hop, { untilMs: this.simulation.nowMs + lookMs });
      this.watch.look();
    }
  }

  list<T extends KubeObject>(kind: Kind<T>, namespace: string, prefix = ''): T[] {
    return objects(this.cluster, kind).filter(
      ({ metadata }) => (metadata.namespace ?? '') === namespace && metadata.name.startsWith(prefix),
    );
  }

  one<T extends KubeObject>(kind: Kind<T>, namespace: string, prefix = ''): T {
    return this.list(kind, namespace, prefix)[0]!;
  }

  /** Writes past the API server. */
  put<T extends KubeObject>(kind: Kind<T>, value: T): void {
    const { namespace = '', name } = value.metadata;
    this.cluster.etcd.transact([], [{ type: 'put', key: `${storagePrefix(kind, namespace)}${name}`, value }]);
  }

  /** From now on nobody may do what a controller's account does. */
  forbid(binding: string): void {
    this.client.delete(clusterRoleBindings, '', binding);
  }

  /** Pods that nobody asked for, on a node or waiting. */
  plant(namespace: string, count: number, spec: Partial<Pod['spec']>, requests: object = {}): void {
    const like = this.one(pods, 'default', 'web-');
    for (let i = 0; i < count; i++) {
      const metadata = { name: `planted-${i}`, namespace, uid: `planted-${i}`, creationTimestamp: started };
      const containers = [{ ...like.spec.containers[0]!, resources: { requests: { ...requests } } }];
      this.put(pods, {
        ...like,
        metadata: { ...metadata, resourceVersion: '1' },
        spec: { ...like.spec, nodeName: '', ...spec, containers },
      });
    }
  }

  /** A slice of no Service that says of a pod that it is ready. */
  plantEndpoint(uid: string, nodeName: string): void {
    const like = this.one(endpointSlices, 'default', 'web-');
    const targetRef = { kind: 'Pod', name: 'planted', namespace: 'default', uid };
    const endpoints = [{ addresses: ['10.244.9.9'], conditions: { ready: true }, nodeName, targetRef }];
    const metadata = { ...like.metadata, name: 'planted', uid: 'planted', labels: {}, ownerReferences: [] };
    this.put(endpointSlices, { ...like, metadata, endpoints });
  }
}

const started = formatTime(startMs);

/**
 * Each is an illness, and the sentence that tells of it: while it lasts, or when everything should be well again. A
 * controller is broken by taking its rights; what no controller would do is written past the API server.
 */
const illnesses: readonly [what: string, make: (patient: Patient) => void, told: RegExp][] = [
  [
    'a pod is bound twice',
    (patient) => {
      const pod = patient.one(pods, 'default', 'web-');
      const nodeName = pod.spec.nodeName === 'node-1' ? 'node-2' : 'node-1';
      patient.put(pods, { ...pod, spec: { ...pod.spec, nodeName } });
    },
    /^pod web-\S+ was bound to node-\d and to node-\d$/,
  ],
  [
    'a node holds more CPU than it has',
    (patient) => patient.plant('default', 1, { nodeName: 'node-1' }, { cpu: '3' }),
    /^node node-1 holds \d+ pods that ask for 3\d\d\dm /,
  ],
  [
    'a node holds more memory than it has',
    (patient) => patient.plant('default', 1, { nodeName: 'node-1' }, { memory: '5Gi' }),
    /^node node-1 holds \d+ pods .* and 5\d{9} bytes/,
  ],
  [
    'a node holds more pods than it may',
    (patient) => patient.plant('default', 12, { nodeName: 'node-1' }),
    /^node node-1 holds 13 pods/,
  ],
  [
    'a namespace has more pods than its quota',
    (patient) => patient.plant('limited', 3, {}),
    /^quota of limited: [45] pods, allowed are 3$/,
  ],
  [
    'a namespace asks for more CPU than its quota',
    (patient) => patient.plant('limited', 1, {}, { cpu: '2' }),
    /^quota of limited: 2\d{3} millicores, allowed are 1000$/,
  ],
  [
    'a namespace asks for more memory than its quota',
    (patient) => patient.plant('limited', 1, {}, { memory: '400Mi' }),
    /^quota of limited: \d+ bytes, allowed are 314572800$/,
  ],
  [
    'a quota counts wrong',
    (patient) => {
      patient.forbid('system:controller:resourcequota-controller');
      const quota = patient.one(resourceQuotas, 'limited');
      patient.put(resourceQuotas, { ...quota, status: { used: { pods: '0' } } });
    },
    /^quota of limited says 0 pods, .*; there are 2 pods, /,
  ],
  [
    'the revision of the store goes back',
    (patient) => {
      const { etcd } = patient.cluster;
      const event = etcd.since(etcd.revision - 1).at(-1)!;
      patient.watch.saw({ ...event, key: event.key, value: event.value, modRevision: 7 });
    },
    /^revision 7 of \S+ after \d+$/,
  ],
  [
    'the generation of an object goes back',
    (patient) => {
      const set = patient.one(deployments, 'default', 'web');
      patient.put(deployments, { ...set, metadata: { ...set.metadata, generation: 0 } });
    },
    /^generation of Deployment default\/web is 0 after 1$/,
  ],
  [
    'what a controller has seen goes back',
    (patient) => {
      const set = patient.one(deployments, 'default', 'web');
      patient.put(deployments, { ...set, status: { ...set.status, observedGeneration: 0 } });
    },
    /^observedGeneration of Deployment default\/web is 0 after 1$/,
  ],
  [
    'a ready endpoint leads to a pod that is gone',
    (patient) => patient.plantEndpoint('gone', 'node-1'),
    /^planted says ready of planted, which is gone for more than 10000 ms$/,
  ],
  [
    'the endpoints are not kept',
    (patient) => {
      patient.forbid('system:controller:endpointslice-controller');
      patient.client.delete(pods, 'default', patient.one(pods, 'default', 'web-').metadata.name);
    },
    /^web-\S+ says ready of web-\S+, which is (gone|not ready) for more than 10000 ms$/,
  ],
  [
    'a ready endpoint leads to a pod that its node does not run',
    (patient) => patient.plantEndpoint(patient.one(pods, 'default', 'web-').metadata.uid, 'control-plane'),
    /^planted says ready of planted, which has ended for more than 10000 ms$/,
  ],
  [
    'nobody notes that a node is lost',
    (patient) => {
      patient.forbid('system:controller:node-controller');
      patient.cluster.stopNode(patient.one(pods, 'default', 'web-').spec.nodeName!);
    },
    /^web-\S+ says ready of web-\S+, which is on a node that is lost for more than 70000 ms$/,
  ],
  [
    'no controller manager gets its lease',
    (patient) => {
      patient.forbid('system:kube-controller-manager');
      patient.cluster.controlPlanes[0]!.exit('kube-controller-manager', 1);
    },
    /^no controller manager leads$/,
  ],
  ['a node stays off', (patient) => patient.cluster.stopNode('node-2'), /^Node node-2 is not Ready$/],
  [
    'a ReplicaSet is not kept',
    (patient) => {
      patient.forbid('system:controller:replicaset-controller');
      patient.client.delete(pods, 'default', patient.one(pods, 'default', 'web-').metadata.name);
    },
    /^Deployment default\/web has \d pods, not \d$/,
  ],
  [
    'a StatefulSet is not kept',
    (patient) => {
      patient.forbid('system:controller:statefulset-controller');
      patient.client.delete(pods, 'default', 'db-0');
    },
    /^StatefulSet default\/db has \d pods, not \d$/,
  ],
  [
    'a DaemonSet is not kept',
    (patient) => {
      patient.forbid('system:controller:daemon-set-controller');
      patient.client.delete(pods, 'default', patient.one(pods, 'default', 'agent-').metadata.name);
    },
    /^DaemonSet default\/agent has \d pods, not \d$/,
  ],
  [
    'a Job does not end',
    (patient) => {
      const job = patient.one(jobs, 'default', 'batch');
      patient.forbid('system:controller:job-controller');
      patient.put(jobs, { ...job, status: { succeeded: 0 } });
    },
    /^Job default\/batch is not complete: 0 succeeded$/,
  ],
  [
    'nobody collects garbage',
    (patient) => {
      patient.forbid('system:controller:generic-garbage-collector');
      patient.client.delete(deployments, 'default', 'web');
    },
    /^ReplicaSet default\/web-\S+ outlived Deployment web$/,
  ],
  [
    'a node runs a pod that is gone',
    (patient) => {
      const { metadata, spec } = patient.one(pods, 'default', 'web-');
      patient.cluster.isolate(spec.nodeName!, true);
      patient.client.delete(pods, 'default', metadata.name, { gracePeriodSeconds: 0 });
    },
    /^node-\d still runs default\/web-\S+, which is gone$/,
  ],
  [
    'a Service does not lead to its pods',
    (patient) => {
      patient.forbid('system:controller:endpointslice-controller');
      patient.client.delete(pods, 'default', patient.one(pods, 'default', 'web-').metadata.name);
    },
    /^Service default\/web does not lead to default\/web-\S+$/,
  ],
];

test.each(illnesses)('when %s, it is told', async (_what, make, told) => {
  const patient = await Patient.create();
  make(patient);
  await patient.pass(100);
  const found = [...patient.watch.violations, ...checkConverged(patient.cluster)];
  expect(found).toContainEqual(expect.stringMatching(told));
});
