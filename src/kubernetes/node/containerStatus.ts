// Upstream: pkg/kubelet/kubelet_pods.go convertToAPIContainerStatuses
import type {
  Container as ContainerSpec,
  ContainerState,
  ContainerStatus,
  VolumeMountStatus,
} from '#generated/types/core.v1.ts';
import { remembered } from '#kubernetes/api/sharing.ts';
import type { Container } from './container.ts';
import { type ContainerSlot, terminatedState } from './containerSlot.ts';
import { runningSince } from './sharedTimes.ts';

const creating: ContainerState = { waiting: { reason: 'ContainerCreating' } };
const initializing: ContainerState = { waiting: { reason: 'PodInitializing' } };
const noState: ContainerState = {};
const rootUser = { linux: { gid: 0, supplementalGroups: [0], uid: 0 } };

interface FromSpec {
  readonly resources?: ContainerStatus['resources'];
  readonly volumeMounts?: ContainerStatus['volumeMounts'];
}

/** What a status repeats of its spec: one object for all containers of a template. */
const fromSpec = remembered(({ resources, volumeMounts }: ContainerSpec): FromSpec => {
  const mounts = volumeMounts?.map(({ name, mountPath, readOnly }): VolumeMountStatus => ({
    name,
    mountPath,
    ...(readOnly && { readOnly, recursiveReadOnly: 'Disabled' }),
  }));
  return { ...(resources && { resources }), ...(mounts && { volumeMounts: mounts }) };
});

/** The status of one container. A pod with init containers is said to initialize until the last container is made. */
export function containerStatus(slot: ContainerSlot, hasInitContainers: boolean): ContainerStatus {
  const { spec, container, waiting, last, restartCount } = slot;
  if (container?.isRunning === true) return runningStatus(slot, container);
  const previous = container !== null && waiting !== null ? terminatedState(container) : last;
  const lastState = previous === undefined ? noState : { terminated: previous };
  const { name } = spec;
  const repeated = repeatedOf(spec);
  if (container === null) {
    const byDefault = hasInitContainers ? initializing : creating;
    const state = waiting === null ? byDefault : { waiting };
    const image = spec.image ?? '';
    return {
      ...repeated,
      name,
      image,
      imageID: '',
      lastState,
      ready: false,
      restartCount,
      started: false,
      state,
    };
  }
  return {
    ...repeated,
    name,
    image: container.image.name,
    imageID: container.image.id,
    containerID: container.id,
    lastState,
    ready: slot.isInit && !slot.isSidecar && container.exitCode === 0,
    restartCount,
    started: false,
    state: waiting === null ? { terminated: terminatedState(container) } : { waiting },
  };
}

function repeatedOf(spec: ContainerSpec): Partial<ContainerStatus> {
  const requests = spec.resources?.requests;
  return { ...(requests && { allocatedResources: requests }), ...fromSpec(spec) };
}

/** The status that most containers have most of the time: one literal, so that it is as small as can be. */
function runningStatus(slot: ContainerSlot, container: Container): ContainerStatus {
  const { spec, last, restartCount, isReady, isStarted: started } = slot;
  const { name } = spec;
  const { name: image, id: imageID } = container.image;
  const lastState = last === undefined ? noState : { terminated: last };
  const ready = isReady && (!slot.isInit || slot.isSidecar);
  const state = runningSince(container.startedMs);
  const { resources, volumeMounts } = fromSpec(container.spec);
  if (resources !== undefined && volumeMounts !== undefined && resources.requests === undefined) {
    return {
      name,
      image,
      imageID,
      containerID: container.id,
      lastState,
      ready,
      restartCount,
      started,
      state,
      resources,
      volumeMounts,
      user: slot.user ?? rootUser,
    };
  }
  const containerID = container.id;
  const own = { name, image, imageID, containerID, lastState, ready, restartCount, started, state };
  return { ...repeatedOf(spec), ...(resources && { resources }), ...own, user: slot.user ?? rootUser };
}
