// Upstream: pkg/scheduler/framework/plugins/tainttoleration/taint_toleration.go
import type { Node, Pod } from '#generated/types/core.v1.ts';
import { tolerates, untoleratedTaint } from '#kubernetes/api/taints.ts';
import { type Plugin, rejection } from '../framework.ts';
import { normalizeReversed } from '../normalize.ts';

const name = 'TaintToleration';
/** Since 1.35 the sentence no longer names the taint, so that nodes with different ones count together. */
const refusal = rejection(name, 'node(s) had untolerated taint(s)');
const barring = ['NoSchedule', 'NoExecute'];

function isBarred(node: Node | null | undefined, pod: Pod): boolean {
  return untoleratedTaint(node?.spec.taints, pod.spec.tolerations, barring) !== undefined;
}

/** Nodes with taints take only pods that tolerate them, and rather none where a taint only prefers so. */
export const taintToleration: Plugin = {
  name,
  reads: 'node',
  preFilter: (pod) => ({ filter: ({ node }) => (isBarred(node, pod) ? refusal : null) }),
  preScore({ spec }) {
    const tolerations = (spec.tolerations ?? []).filter(
      ({ effect }) => !effect || effect === 'PreferNoSchedule',
    );
    return {
      score({ node }) {
        let intolerable = 0;
        for (const taint of node?.spec.taints ?? [])
          if (taint.effect === 'PreferNoSchedule' && !tolerations.some((entry) => tolerates(entry, taint)))
            intolerable++;
        return intolerable;
      },
      normalize: normalizeReversed,
    };
  },
  hints: {
    NodeAdd: (pod, _before, now) => !isBarred(now as Node, pod),
    NodeTaintChange: (pod, before, now) => isBarred(before as Node, pod) && !isBarred(now as Node, pod),
    PodTolerationChange: () => true,
  },
};
