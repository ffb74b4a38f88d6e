// Upstream: pkg/registry/core/pod/strategy.go
import type { Pod } from '#generated/types/core.v1.ts';
import type { Strategy } from '../context.ts';

export const podStrategy: Strategy = {
  plural: 'pods',
  group: '',
  /** A pod that no kubelet runs needs no grace. */
  graceSeconds(object, asked) {
    const { spec, status } = object as Pod;
    if (!spec.nodeName || status.phase === 'Failed' || status.phase === 'Succeeded') return 0;
    return asked ?? spec.terminationGracePeriodSeconds ?? 30;
  },
};
