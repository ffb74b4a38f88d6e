// Upstream: pkg/controller/validatingadmissionpolicystatus/controller.go
import { validatingAdmissionPolicies } from '#kubernetes/api/admissionregistration/validatingAdmissionPolicy.ts';
import { WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Controller } from '../controller.ts';

/** Upstream: --concurrent-validating-admission-policy-status-syncs. */
const workers = 5;

/**
 * Says of every ValidatingAdmissionPolicy that its expressions have been looked at. Warnings of types that do not fit
 * are not found here: an expression that cannot be compiled is refused when it is stored.
 */
export const validatingAdmissionPolicyStatusController: Controller = {
  name: 'validatingadmissionpolicy-status-controller',
  start({ simulation, client, informers }) {
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
      const status = { ...policy.status, observedGeneration: generation, typeChecking: {} };
      client.updateStatus(validatingAdmissionPolicies, { ...policy, status });
    }
    return () => queue.stop();
  },
};
