// Upstream: pkg/kubelet/allocation/allocation_manager.go, pkg/kubelet/kuberuntime/kuberuntime_manager.go doPodResizeAction
import type { Container as ContainerSpec, Pod } from '#generated/types/core.v1.ts';
import { amountsOf, podRequests } from '#kubernetes/api/podRequests.ts';
import { withField } from '#kubernetes/api/sharing.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import type { ContainerSlot } from './containerSlot.ts';
import type { Kubelet } from './kubelet.ts';
import type { NodeFleet } from './nodeFleet.ts';
import { admitPod } from './podAdmission.ts';
import type { PodWorker } from './podWorker.ts';
import { resizeMessage } from './resizeMessage.ts';

/** The runtime sets a container's new bounds, and the kubelet sees that it has. */
const applyMs = 1_000;

interface Refusal {
  readonly reason: 'Deferred' | 'Infeasible';
  readonly message: string;
}

/** Brings running pods to the resources and images that their specs ask for by now. */
export class Resizes {
  readonly #fleet: NodeFleet;
  /** Pods that wait for room, or for a container. */
  readonly #waiting = new Map<Kubelet, Set<PodWorker>>();
  readonly #scheduled = new Set<Kubelet>();

  constructor(fleet: NodeFleet) {
    this.#fleet = fleet;
  }

  /** The containers of a pod's spec are not what they were. */
  specChanged(kubelet: Kubelet, worker: PodWorker): void {
    for (const slot of worker.slots) {
      const wanted = wantedOf(worker.pod, slot);
      if (wanted === undefined || wanted.image === slot.spec.image) continue;
      slot.spec = withField(slot.spec, 'image', wanted.image);
      const message = `Container ${slot.spec.name} definition changed, will be restarted`;
      if (slot.state === 'running') worker.endContainer(slot, message);
    }
    this.#advance(kubelet, worker);
  }

  /** Something on the node has changed: what waits is looked at again. */
  touch(kubelet: Kubelet): void {
    if (!this.#waiting.has(kubelet) || this.#scheduled.has(kubelet)) return;
    this.#scheduled.add(kubelet);
    this.#fleet.simulation.after(applyMs, () => {
      this.#scheduled.delete(kubelet);
      for (const worker of this.#waiting.get(kubelet) ?? []) this.#advance(kubelet, worker);
    });
  }

  #advance(kubelet: Kubelet, worker: PodWorker): void {
    if (!kubelet.isRunning || !worker.isWanted) return this.#settle(kubelet, worker);
    this.#allocate(kubelet, worker);
    this.#actuate(kubelet, worker);
    const { pending, inProgress } = worker.resize ?? {};
    if (pending || inProgress) {
      const waiting = this.#waiting.get(kubelet) ?? new Set();
      this.#waiting.set(kubelet, waiting.add(worker));
    } else this.#settle(kubelet, worker);
    worker.sync();
  }

  #settle(kubelet: Kubelet, worker: PodWorker): void {
    worker.resize = null;
    const waiting = this.#waiting.get(kubelet);
    waiting?.delete(worker);
    if (waiting?.size === 0) this.#waiting.delete(kubelet);
  }

  /** Takes what the spec asks for as the pod's own, if the node has room for it. */
  #allocate(kubelet: Kubelet, worker: PodWorker): void {
    const { pod } = worker;
    const generation = pod.metadata.generation ?? 1;
    const changed = resizable(worker).filter(
      (slot) => !deepEqual(wantedOf(pod, slot)?.resources ?? {}, slot.spec.resources ?? {}),
    );
    const before = worker.resize ?? { pending: null, inProgress: null };
    if (changed.length === 0) {
      if (before.pending) worker.resize = { ...before, pending: null };
      return;
    }
    const refusal = refusalOf(kubelet, worker);
    if (refusal !== null) {
      const known = before.pending;
      if (known?.reason === refusal.reason && known.message === refusal.message) return;
      worker.resize = { ...before, pending: { ...refusal, generation } };
      const text = resizeMessage(`Pod resize ${refusal.reason}`, pod, generation, refusal.message);
      kubelet.recorder.event(pod, 'Warning', `Resize${refusal.reason}`, text);
      return;
    }
    for (const slot of changed) {
      const { resources, resizePolicy } = wantedOf(pod, slot)!;
      slot.spec = withField(withField(slot.spec, 'resources', resources), 'resizePolicy', resizePolicy);
    }
    worker.resize = { pending: null, inProgress: { generation } };
    const text = resizeMessage('Pod resize started', pod, generation);
    kubelet.recorder.event(pod, 'Normal', 'ResizeStarted', text);
    kubelet.touch();
  }

  /** Lets the containers have what is allocated to them, at once or by a restart. */
  #actuate(kubelet: Kubelet, worker: PodWorker): void {
    const { pod, resize } = worker;
    if (!resize?.inProgress) return;
    const behind = resizable(worker).filter(
      ({ container, spec }) =>
        container?.isRunning && !deepEqual(container.spec.resources ?? {}, spec.resources ?? {}),
    );
    if (behind.length === 0) {
      if (resizable(worker).some(({ state }) => state !== 'running')) return;
      worker.resize = { ...resize, inProgress: null };
      const { generation } = resize.inProgress;
      const text = resizeMessage('Pod resize completed', pod, generation);
      kubelet.recorder.event(pod, 'Normal', 'ResizeCompleted', text);
      return;
    }
    for (const slot of behind) {
      if (!needsRestart(slot.container!.spec, slot.spec)) continue;
      worker.endContainer(slot, `Container ${slot.spec.name} resize requires restart`);
    }
    this.#fleet.simulation.after(applyMs, () => {
      for (const { container, spec } of behind)
        if (container!.isRunning && !needsRestart(container!.spec, spec)) container!.resize(spec);
      this.#advance(kubelet, worker);
    });
  }
}

/** Init containers that end are not resized. */
function resizable({ slots }: PodWorker): ContainerSlot[] {
  return slots.filter((slot) => slot.kind === 'main' || slot.isSidecar);
}

function wantedOf({ spec }: Pod, slot: ContainerSlot): ContainerSpec | undefined {
  const list = slot.kind === 'main' ? spec.containers : slot.kind === 'init' ? spec.initContainers : [];
  return list?.find(({ name }) => name === slot.spec.name);
}

/** Whether one of the resources that differ is one that the container does not take while it runs. */
function needsRestart(has: ContainerSpec, wants: ContainerSpec): boolean {
  return (wants.resizePolicy ?? []).some(({ resourceName, restartPolicy }) => {
    const amount = (spec: ContainerSpec, of: 'requests' | 'limits') => spec.resources?.[of]?.[resourceName];
    const differs = (['requests', 'limits'] as const).some((of) => amount(has, of) !== amount(wants, of));
    return differs && restartPolicy === 'RestartContainer';
  });
}

function refusalOf(kubelet: Kubelet, worker: PodWorker): Refusal | null {
  const { allocatable } = kubelet;
  const { requests } = podRequests(worker.pod.spec);
  const capacity = amountsOf(allocatable);
  for (const name of ['memory', 'cpu']) {
    const [requested = 0, has = 0] = [requests[name], capacity[name]];
    if (requested > has) {
      const message = `Node didn't have enough capacity: ${name}, requested: ${requested}, capacity: ${has}`;
      return { reason: 'Infeasible', message };
    }
  }
  const rejection = admitPod(worker.pod, kubelet.podsBeside(worker), allocatable);
  return rejection === null ? null : { reason: 'Deferred', message: rejection.message };
}
