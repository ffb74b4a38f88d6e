// Upstream: pkg/kubelet/kubelet_pods.go convertToAPIContainerStatuses
import type {
  Container as ContainerSpec,
  ContainerState,
  ContainerStatus,
  VolumeMountStatus,
} from '#generated/types/core.v1.ts';
import { isSidecar } from '#kubernetes/api/podStatus.ts';
import { remembered } from '#kubernetes/api/sharing.ts';
import { type ContainerSlot, terminatedState } from './containerSlot.ts';
import { runningSince } from './sharedTimes.ts';

const creating: ContainerState = { waiting: { reason: 'ContainerCreating' } };
const initializing: ContainerState = { waiting: { reason: 'PodInitializing' } };
const noState: ContainerState = {};
const rootUser = { linux: { gid: 0, supplementalGroups: [0], uid: 0 } };

/** What a status repeats of its spec: one object for all containers of a template. */
const fromSpec = remembered((spec: ContainerSpec): Partial<ContainerStatus> => {
  const { resources, volumeMounts } = spec;
  const mounts = volumeMounts?.map(({ name, mountPath, readOnly }): VolumeMountStatus => ({
    name,
    mountPath,
    ...(readOnly && { readOnly, recursiveReadOnly: 'Disabled' }),
  }));
  return {
    ...(resources?.requests && { allocatedResources: resources.requests }),
    ...(resources && { resources }),
    ...(mounts && { volumeMounts: mounts }),
  };
});

/** The status of one container. `isInitialized` says that all init containers are done. */
export function containerStatus(slot: ContainerSlot, isInitialized: boolean): ContainerStatus {
  const { spec, container, waiting, last, restartCount } = slot;
  const previous = container !== null && waiting !== null ? terminatedState(container) : last;
  const shared = {
    name: spec.name,
    lastState: previous === undefined ? noState : { terminated: previous },
    restartCount,
    ...fromSpec(spec),
  };
  if (container === null) {
    const byDefault = slot.isInit || !isInitialized ? initializing : creating;
    const state = waiting === null ? byDefault : { waiting };
    return { ...shared, image: spec.image ?? '', imageID: '', ready: false, started: false, state };
  }
  const { isRunning } = container;
  return {
    ...shared,
    image: container.image.name,
    imageID: container.image.id,
    containerID: `containerd://${container.id}`,
    ready: isReady(slot),
    started: isRunning && slot.isStarted,
    state: stateOf(slot),
    ...(isRunning && { user: rootUser }),
  };
}

function stateOf({ container, waiting }: ContainerSlot): ContainerState {
  if (container!.isRunning) return runningSince(container!.startedMs);
  return waiting === null ? { terminated: terminatedState(container!) } : { waiting };
}

function isReady(slot: ContainerSlot): boolean {
  const { container, isInit, spec } = slot;
  if (isInit && !isSidecar(spec)) return container!.exitCode === 0;
  return container!.isRunning && slot.isReady;
}
