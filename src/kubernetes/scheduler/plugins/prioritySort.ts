// Upstream: pkg/scheduler/framework/plugins/queuesort/priority_sort.go
import { podPriority } from '../podPriority.ts';
import { type Plugin } from '../framework.ts';

/** Pods of higher priority go first, then those that wait longest. */
export const prioritySort: Plugin = {
  name: 'PrioritySort',
  reads: 'cluster',
  compare: (a, b) =>
    podPriority(b.pod) - podPriority(a.pod) || a.sinceMs - b.sinceMs || a.sequence - b.sequence,
};
