// Upstream: pkg/controller/volume/attachdetach/reconciler/reconciler.go reportMultiAttachError
import type { Pod } from '#generated/types/core.v1.ts';

/** Why a volume cannot be attached for `pod`: `others` use it on other nodes. Names of other namespaces stay untold. */
export function multiAttachMessage(volume: string, { metadata }: Pod, others: readonly Pod[]): string {
  const start = `Multi-Attach error for volume "${volume}" Volume is already`;
  if (others.length === 0)
    return `${start} exclusively attached to one node and can't be attached to another`;
  const names = others.filter((other) => other.metadata.namespace === metadata.namespace);
  const elsewhere = others.length - names.length;
  const local = names.map((other) => other.metadata.name).join(', ');
  if (names.length === 0) return `${start} used by ${elsewhere} pod(s) in different namespaces`;
  const rest = elsewhere > 0 ? ` and ${elsewhere} pod(s) in different namespaces` : '';
  return `${start} used by pod(s) ${local}${rest}`;
}
