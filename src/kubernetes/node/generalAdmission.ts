// Upstream: pkg/kubelet/lifecycle/predicate.go generalFilter
import type { ContainerPort, Node, Pod } from '#generated/types/core.v1.ts';
import { matchesRequiredAffinity } from '#kubernetes/api/nodeAffinity.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { admitPod, type Rejection } from './podAdmission.ts';
import { admitSysctls } from './securityContext.ts';

const anyAddress = '0.0.0.0';

function hostPorts({ spec }: Pod): ContainerPort[] {
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  return containers.flatMap(({ ports = [] }) => ports.filter(({ hostPort }) => hostPort));
}

/** Two claims of one port of the node; an address of its own keeps a claim apart from others. */
function collide(a: ContainerPort, b: ContainerPort): boolean {
  const [left, right] = [a.hostIP || anyAddress, b.hostIP || anyAddress];
  const sameAddress = left === right || left === anyAddress || right === anyAddress;
  return a.hostPort === b.hostPort && (a.protocol ?? 'TCP') === (b.protocol ?? 'TCP') && sameAddress;
}

/** The node as the API has it; null while there is no API to ask. */
function reachable(readNode: () => Node): Node | null {
  try {
    return readNode();
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return null;
  }
}

const failed = (name: string, why: string): Rejection => ({
  reason: name,
  message: `Predicate ${name} failed: ${why}`,
});

/** Why a kubelet does not take a pod that somebody has put on its node; null when it does. */
export function admitToNode(
  pod: Pod,
  others: () => Iterable<Pod>,
  allocatable: Readonly<Record<string, string>>,
  readNode: () => Node,
): Rejection | null {
  const refusal = admitSysctls(pod) ?? admitPod(pod, others(), allocatable);
  if (refusal !== null) return refusal;
  const { nodeSelector, affinity } = pod.spec;
  // The node is read anew: somebody may just have labelled it.
  const node = (nodeSelector ?? affinity?.nodeAffinity) ? reachable(readNode) : null;
  if (node !== null && !matchesRequiredAffinity(pod.spec, node))
    return failed('NodeAffinity', "node(s) didn't match Pod's node affinity/selector");
  const wanted = hostPorts(pod);
  if (wanted.length === 0) return null;
  for (const other of others())
    if (hostPorts(other).some((taken) => wanted.some((port) => collide(port, taken))))
      return failed('NodePorts', "node(s) didn't have free ports for the requested pod ports");
  return null;
}
