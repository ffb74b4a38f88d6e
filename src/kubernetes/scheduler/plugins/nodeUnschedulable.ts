// Upstream: pkg/scheduler/framework/plugins/nodeunschedulable/node_unschedulable.go
import type { Node, Pod, Taint } from '#generated/types/core.v1.ts';
import { tolerates } from '#kubernetes/api/taints.ts';
import { type Plugin, rejection } from '../framework.ts';

const name = 'NodeUnschedulable';
const refusal = rejection(name, 'node(s) were unschedulable');

/** What a cordoned node counts as. */
const taint: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

function isTolerated({ tolerations }: Pod['spec']): boolean {
  return tolerations?.some((toleration) => tolerates(toleration, taint)) === true;
}

/** Nodes that are cordoned take only pods that tolerate it. */
export const nodeUnschedulable: Plugin = {
  name,
  reads: 'node',
  preFilter({ spec }) {
    if (isTolerated(spec)) return null;
    return { filter: ({ node }) => (node?.spec.unschedulable ? refusal : null) };
  },
  hints: {
    NodeAdd: (_pod, _before, now) => !(now as Node).spec.unschedulable,
    NodeUnschedulableChange: (_pod, before, now) =>
      (before as Node).spec.unschedulable === true && !(now as Node).spec.unschedulable,
    PodTolerationChange: (_pod, _before, now) => isTolerated((now as Pod).spec),
  },
};
