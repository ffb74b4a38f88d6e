// Upstream: pkg/scheduler/framework/plugins/nodeunschedulable/node_unschedulable.go
import type { Node, Taint } from '#generated/types/core.v1.ts';
import { tolerates } from '#kubernetes/api/taints.ts';
import { type Plugin, rejection } from '../framework.ts';

const name = 'NodeUnschedulable';
const refusal = rejection(name, 'node(s) were unschedulable');

/** What a cordoned node counts as. */
const taint: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

/** Nodes that are cordoned take only pods that tolerate it. */
export const nodeUnschedulable: Plugin = {
  name,
  reads: 'node',
  preFilter({ spec }) {
    if (spec.tolerations?.some((toleration) => tolerates(toleration, taint))) return null;
    return { filter: ({ node }) => (node?.spec.unschedulable ? refusal : null) };
  },
  hints: {
    NodeAdd: (_pod, _before, now) => !(now as Node).spec.unschedulable,
    NodeUnschedulableChange: (_pod, before, now) =>
      (before as Node).spec.unschedulable === true && !(now as Node).spec.unschedulable,
    PodTolerationChange: () => true,
  },
};
