// Upstream: pkg/kubelet/runtimeclass/runtimeclass_manager.go; containerd's internal/cri/server/sandbox_run.go
import type { Pod } from '#generated/types/core.v1.ts';
import { runtimeClasses } from '#kubernetes/api/node/runtimeClass.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { hostnameOf } from './environment.ts';
import type { NodeContext } from './nodeContext.ts';

/** The one runtime of every node. */
const configured = 'runc';

/** Upstream: the kernel's bound on host names. */
const hostnameMax = 64;

/** Why no sandbox can be made for a pod; null when one can. */
export function sandboxProblem(pod: Pod, { client, nodeName }: NodeContext): string | null {
  const { setHostnameAsFQDN, runtimeClassName: name } = pod.spec;
  const hostname = hostnameOf(pod, nodeName);
  if (setHostnameAsFQDN && hostname.length > hostnameMax)
    return `failed to construct FQDN from pod hostname and cluster domain, FQDN ${hostname} is too long (${hostnameMax} characters is the max, ${hostname.length} characters requested)`;
  if (!name) return null;
  try {
    const { handler } = client.get(runtimeClasses, '', name);
    if (handler === configured) return null;
    return `rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for "${handler}" is configured`;
  } catch (error) {
    if (!isStatus(error, 'NotFound')) throw error;
    return `runtimeclass.node.k8s.io "${name}" not found`;
  }
}
