import type { Scenario } from '#classroom/scenario.ts';

/** What the gallery tells of each scenario; the worker knows the rest. */
export const scenarios: readonly Pick<Scenario, 'id' | 'title' | 'summary'>[] = [
  {
    id: 'empty',
    title: 'An empty cluster',
    summary: 'A control plane, its nodes, and a shell with kubectl. Nothing runs on it yet.',
  },
];
