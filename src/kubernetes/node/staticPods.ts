// Upstream: pkg/kubelet/config/{file,common}.go, pkg/kubelet/pod/mirror_client.go
import type { Node, Pod } from '#generated/types/core.v1.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { keyOf, type New } from '#kubernetes/api/object.ts';
import { isStatus, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { Client } from '#kubernetes/client/client.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { PodWorker } from './podWorker.ts';

const mirrorAnnotation = 'kubernetes.io/config.mirror';
const hashAnnotation = 'kubernetes.io/config.hash';
const sourceAnnotation = 'kubernetes.io/config.source';
/** A mirror that could not be made is tried again with the next sync. */
const mirrorRetryMs = 5_000;

/** The kubelet that runs the static pods. */
interface Owner {
  readonly simulation: Simulation;
  readonly name: string;
  readonly isRunning: boolean;
}

interface StaticPod {
  readonly pod: Pod;
  worker: PodWorker | null;
}

/** The pods of a node's manifest directory: the kubelet runs them by itself and shows the API a mirror of each. */
export class StaticPods {
  readonly #owner: Owner;
  readonly #client: Client;
  readonly #run: (pod: Pod) => PodWorker;
  readonly #forget: (worker: PodWorker) => void;
  /** By `namespace/name` of the mirror. */
  readonly #pods = new Map<string, StaticPod>();
  /** Those whose earlier self still ends; the next begins when it has. */
  readonly #ending = new Set<string>();
  #node: Node | null = null;
  #isStarted = false;

  constructor(
    owner: Owner,
    client: Client,
    workers: { run(pod: Pod): PodWorker; forget(worker: PodWorker): void },
  ) {
    this.#owner = owner;
    this.#client = client;
    this.#run = workers.run;
    this.#forget = workers.forget;
  }

  get(namespace: string, name: string): PodWorker | undefined {
    return this.#pods.get(`${namespace}/${name}`)?.worker ?? undefined;
  }

  has(worker: PodWorker): boolean {
    return [...this.#pods.values()].some((entry) => entry.worker === worker);
  }

  /** Adds a manifest, or puts it in the place of the one of the same name: that pod ends first. */
  add(manifest: New<Pod>): void {
    const pod = this.#read(manifest);
    const key = keyOf(pod);
    this.#end(key);
    this.#pods.set(key, { pod, worker: null });
    if (this.#isStarted) this.#begin(key);
  }

  remove(namespace: string, name: string): void {
    const key = `${namespace}/${name}-${this.#owner.name}`;
    this.#end(key);
    this.#pods.delete(key);
  }

  /** Runs what does not run yet. `node` owns the mirrors; without one, which the API would have to name, there are none. */
  start(node: Node | null): void {
    this.#node = node;
    this.#isStarted = true;
    for (const key of this.#pods.keys()) this.#begin(key);
  }

  powerOff(): void {
    this.#isStarted = false;
    this.#ending.clear();
    for (const entry of this.#pods.values()) entry.worker = null;
  }

  #begin(key: string): void {
    const entry = this.#pods.get(key)!;
    if (!this.#owner.isRunning || this.#ending.has(key)) return;
    if (entry.worker === null) {
      entry.worker = this.#run(entry.pod);
      entry.worker.isMirrored = false;
    }
    entry.worker.sync();
    this.#createMirror(key);
  }

  #end(key: string): void {
    const worker = this.#pods.get(key)?.worker ?? null;
    if (worker === null) return;
    const [namespace = '', name = ''] = key.split('/');
    this.#ending.add(key);
    worker.removed(() => {
      this.#ending.delete(key);
      this.#forget(worker);
      this.#deleteMirror(namespace, name);
      if (this.#pods.has(key)) this.#begin(key);
    });
  }

  /** Takes a change of a mirror; false when the pod is none. */
  mirrorChanged(now: Pod | undefined, before: Pod | undefined): boolean {
    const pod = now ?? before!;
    if (pod.metadata.annotations?.[mirrorAnnotation] === undefined) return false;
    const key = keyOf(pod);
    const entry = this.#pods.get(key);
    if (now === undefined) {
      entry?.worker?.mirror(null);
      if (entry !== undefined) this.#createMirror(key);
    } else if (now.metadata.deletionTimestamp !== undefined || !isMirrorOf(now, entry)) {
      this.#deleteMirror(now.metadata.namespace ?? '', now.metadata.name, now.metadata.uid);
    } else entry?.worker?.mirror(now);
    return true;
  }

  #read({ metadata, spec }: New<Pod>): Pod {
    const name = `${metadata.name}-${this.#owner.name}`;
    const random = this.#owner.simulation.random('static-pods');
    const hash = [0, 1, 2, 3].map(() => random.uint32().toString(16).padStart(8, '0')).join('');
    const annotations = { ...metadata.annotations, [hashAnnotation]: hash, [sourceAnnotation]: 'file' };
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...metadata,
        name,
        namespace: metadata.namespace ?? 'default',
        uid: hash,
        annotations,
      } as Pod['metadata'],
      spec: { ...spec, nodeName: this.#owner.name },
      status: { phase: 'Pending' },
    };
  }

  #createMirror(key: string): void {
    const entry = this.#pods.get(key);
    if (entry === undefined || !this.#owner.isRunning || this.#node === null) return;
    const { name: node, uid } = this.#node.metadata;
    const owner = { apiVersion: 'v1', kind: 'Node', name: node, uid, controller: true };
    const { name, namespace, labels, annotations } = entry.pod.metadata;
    const mirror: New<Pod> = {
      metadata: {
        name,
        ...(namespace && { namespace }),
        ...(labels && { labels }),
        annotations: { ...annotations, [mirrorAnnotation]: annotations![hashAnnotation]! },
        ownerReferences: [owner],
      },
      spec: entry.pod.spec,
    };
    try {
      entry.worker?.mirror(this.#client.create(pods, mirror));
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (isStatus(error, 'AlreadyExists')) return this.#takeMirror(entry);
      this.#owner.simulation.after(mirrorRetryMs, () => this.#createMirror(key));
    }
  }

  /** One that is left of an earlier pod goes, and its end makes place for ours. */
  #takeMirror(entry: StaticPod): void {
    const { namespace = '', name } = entry.pod.metadata;
    try {
      const mirror = this.#client.get(pods, namespace, name);
      if (isMirrorOf(mirror, entry)) entry.worker?.mirror(mirror);
      else this.#deleteMirror(namespace, name, mirror.metadata.uid);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
    }
  }

  #deleteMirror(namespace: string, name: string, uid?: string): void {
    try {
      const options = { gracePeriodSeconds: 0, ...(uid && { preconditions: { uid } }) };
      this.#client.delete(pods, namespace, name, options);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (isStatus(error, 'NotFound') || isStatus(error, 'Conflict')) return;
      this.#owner.simulation.after(mirrorRetryMs, () => this.#deleteLeftMirror(namespace, name));
    }
  }

  /** Deletes a mirror that could not be deleted, unless a pod has taken it over since. */
  #deleteLeftMirror(namespace: string, name: string): void {
    const entry = this.#pods.get(`${namespace}/${name}`);
    if (!this.#owner.isRunning) return;
    if (entry === undefined) this.#deleteMirror(namespace, name);
    else this.#createMirror(`${namespace}/${name}`);
  }
}

/** Whether a mirror is of what runs now. Upstream: IsMirrorPodOf */
function isMirrorOf({ metadata }: Pod, entry: StaticPod | undefined): boolean {
  return metadata.annotations?.[mirrorAnnotation] === entry?.pod.metadata.annotations?.[hashAnnotation];
}
