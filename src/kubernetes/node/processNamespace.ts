// Upstream: pkg/kubelet/kuberuntime/util/util.go PidNamespaceForPod
import type { EphemeralContainer, Pod } from '#generated/types/core.v1.ts';
import type { Child } from '#world/machine/program.ts';
import type { Container } from './container.ts';
import type { Neighbours } from './containerSite.ts';
import type { ContainerSlot } from './containerSlot.ts';

/** Ids of the processes of one container, where several share them, lie in a range of their own. */
const idsPerContainer = 100;

/** What holds the namespace that all containers of a pod share. */
const pause: Child = {
  id: 1,
  args: ['/pause'],
  user: { uid: 65_535, gid: 65_535, groups: [65_535] },
  cpuMicros: 0,
  exitCode: null,
  killedBy: null,
  signal: () => {},
  onExit: () => () => {},
};

/** A server is no program that runs, but it is seen as the one process that it would be. */
function serverProcess(container: Container, id: number): Child {
  return {
    id,
    // An entrypoint script ends by becoming the server.
    args: container.args[0]?.endsWith('entrypoint.sh') ? container.args.slice(1) : container.args,
    user: container.machine.user,
    get cpuMicros() {
      const ranMs = container.simulation.nowMs - container.startedMs;
      // A millicore for a millisecond is a millionth of a core-second.
      return (container.server?.cpuIdleMillicores ?? 0) * ranMs;
    },
    exitCode: null,
    killedBy: null,
    signal(name) {
      if (name === 'KILL') container.kill();
      else if (name === 'TERM' && container.server?.onTerminate) container.stop(Infinity);
    },
    onExit: () => () => {},
  };
}

function processesOf(container: Container | null, idsAfter: number): readonly Child[] {
  if (!container?.isRunning) return [];
  const own = container.processes;
  return container.server === undefined ? own : [serverProcess(container, idsAfter + 1), ...own];
}

/** By the pod's `shareProcessNamespace`, or a visitor's `targetContainerName`. */
export function neighbours(
  { spec }: Pod,
  slots: readonly ContainerSlot[],
  container: Container,
): Neighbours | null {
  const index = slots.findIndex((slot) => slot.spec === container.spec);
  const { targetContainerName: target } = container.spec as EphemeralContainer;
  if (spec.shareProcessNamespace) {
    const idsAfter = (at: number) => at * idsPerContainer + 6;
    const others = () =>
      slots.flatMap((slot, at) =>
        at === index && slot.container?.server === undefined ? [] : processesOf(slot.container, idsAfter(at)),
      );
    return { neighbours: () => [pause, ...others()], idsAfter: idsAfter(index) + 1 };
  }
  if (!target) {
    if (container.server === undefined) return null;
    return { neighbours: () => [serverProcess(container, 1)], idsAfter: 1 };
  }
  const of = slots.find((slot) => slot.spec.name === target);
  return { neighbours: () => processesOf(of?.container ?? null, 0), idsAfter: idsPerContainer * index };
}
