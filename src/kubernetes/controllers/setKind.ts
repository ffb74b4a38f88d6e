import type { ReplicaSet } from '#generated/types/apps.v1.ts';
import type { ReplicationController } from '#generated/types/core.v1.ts';
import type { Kind } from '#kubernetes/api/kind.ts';
import type { Selector } from '#kubernetes/apimachinery/labels.ts';

/** What keeps a number of equal pods: the same machinery serves the old kind and the new. */
export type ReplicatedSet = ReplicaSet | ReplicationController;

/** How one of the two kinds is read and told of. Upstream: pkg/controller/replication/conversion.go */
export interface SetKind {
  readonly kind: Kind<ReplicatedSet>;
  selectorOf(set: ReplicatedSet): Selector;
  /** Whether its status counts pods that are going. */
  readonly tellsTerminating: boolean;
}
