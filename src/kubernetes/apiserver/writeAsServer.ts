import type { AnyKind } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { causeOf } from '#sim/cause.ts';
import type { ServerContext } from './context.ts';

/**
 * Stores what the API server itself has to say of an object beside the one that a request is about, such as a quota's
 * use. It has a cause of its own, below the request's, which is about the other object (D6).
 */
export function writeAsServer(
  kind: AnyKind,
  object: KubeObject,
  old: KubeObject,
  { simulation, storage }: ServerContext,
): KubeObject {
  const { cause, nowMs } = simulation;
  const own = causeOf(cause, nowMs, 'system:apiserver', 'update status', '', storage.etcd.revision + 1);
  return simulation.withCause(own, () => storage.put(kind, object, old));
}
