// Upstream: plugin/pkg/admission/nodetaint/admission.go
import type { Node, Taint } from '#generated/types/core.v1.ts';
import type { AdmissionPlugin } from '../context.ts';

const notReady: Taint = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };

/** A new node takes no pods until the node lifecycle controller has seen it Ready. */
export const taintNodesByCondition: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  handles: ({ operation, kind, subresource }) =>
    operation === 'CREATE' && kind.plural === 'nodes' && subresource === '',
  admit(object) {
    const node = object as Node;
    const taints = node.spec?.taints ?? [];
    const isTainted = taints.some(({ key, effect }) => key === notReady.key && effect === notReady.effect);
    return isTainted ? node : { ...node, spec: { ...node.spec, taints: [...taints, notReady] } };
  },
};
