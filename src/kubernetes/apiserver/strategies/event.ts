import type { Strategy } from '../context.ts';
import { PackedEvent } from '../packedEvent.ts';

/** Upstream: cmd/kube-apiserver --event-ttl */
const eventTtlMs = 3_600_000;

export const eventStrategy: Strategy = {
  plural: 'events',
  group: '',
  ttlMs: eventTtlMs,
  pack: (object, cause) => PackedEvent.of(object, cause),
};
