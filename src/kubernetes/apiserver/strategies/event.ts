import type { Strategy } from '../context.ts';

/** Upstream: cmd/kube-apiserver --event-ttl */
const eventTtlMs = 3_600_000;

export const eventStrategy: Strategy = { plural: 'events', group: '', ttlMs: eventTtlMs };
