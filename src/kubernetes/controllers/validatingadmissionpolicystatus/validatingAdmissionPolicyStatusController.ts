// Upstream: pkg/controller/validatingadmissionpolicystatus/controller.go
import { validatingAdmissionPolicies } from '#kubernetes/api/admissionregistration/validatingAdmissionPolicy.ts';
import { WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Controller } from '../controller.ts';
import { checkPolicy } from './typeChecking.ts';

/** Upstream: --concurrent-validating-admission-policy-status-syncs. */
const workers = 5;

/**
 * Says of every ValidatingAdmissionPolicy that its expressions have been looked at, and what they get wrong about the
 * objects that it is for. One that cannot be compiled at all was refused when it was stored.
 */
export const validatingAdmissionPolicyStatusController: Controller = {
  name: 'validatingadmissionpolicy-status-controller',
  start({ simulation, client, informers, kinds }) {
    const policies = informers.of(validatingAdmissionPolicies);
    const queue = new WorkQueue({ simulation, client, workers, reconcile: syncPolicy });
    policies.onChange((now) => {
      if (now !== undefined) queue.add(now.metadata.name);
    });

    function syncPolicy(name: string): void {
      const policy = policies.get(name);
      if (policy === undefined) return;
      const { generation = 1 } = policy.metadata;
      if (policy.status?.observedGeneration === generation) return;
      const expressionWarnings = checkPolicy(policy, kinds);
      const typeChecking = expressionWarnings.length > 0 ? { expressionWarnings } : {};
      const status = { ...policy.status, observedGeneration: generation, typeChecking };
      client.updateStatus(validatingAdmissionPolicies, { ...policy, status });
    }
    return () => queue.stop();
  },
};
