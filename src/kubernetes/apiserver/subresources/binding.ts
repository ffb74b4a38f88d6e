// Upstream: pkg/registry/core/pod/storage/storage.go BindingREST
import type { Binding, Pod, PodSpec } from '#generated/types/core.v1.ts';
import { sharedConditions } from '#kubernetes/api/sharedConditions.ts';
import { badRequest, conflict } from '#kubernetes/apimachinery/statusError.ts';
import type { Subresource } from './subresource.ts';

/** POST pods/NAME/binding: the scheduler's answer. A pod is bound once. */
export const binding: Subresource = {
  serves: ({ info }) => info.resource === 'pods' && info.subresource === 'binding',
  serve({ request, info, stored }, context) {
    const node = (request.body as Binding | undefined)?.target?.name;
    if (!node) throw badRequest('Binding.target.name: Required value');
    const pod = context.storage.read(stored, info.namespace, info.name) as Pod;
    if (pod.metadata.deletionTimestamp !== undefined) {
      throw conflict(
        '',
        'pods/binding',
        info.name,
        `pod ${info.name} is being deleted, cannot be assigned to a host`,
      );
    }
    if (pod.spec.nodeName) {
      throw conflict(
        '',
        'pods/binding',
        info.name,
        `pod ${info.name} is already assigned to node "${pod.spec.nodeName}"`,
      );
    }
    const conditions = sharedConditions([
      ...(pod.status.conditions ?? []).filter((condition) => condition.type !== 'PodScheduled'),
      { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: context.timestamp() },
    ]);
    const bound = {
      ...pod,
      metadata: pod.metadata,
      spec: boundSpec(pod.spec, node),
      status: { ...pod.status, conditions },
    };
    context.storage.put(stored, bound, pod);
    return {
      status: 201,
      body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 },
    };
  },
};

/** Specs of which the bound ones are remembered, the latest last. */
const templatesMax = 16;
const bound = new Map<PodSpec, Map<string, PodSpec>>();

/** `spec` with its node: one object for all replicas on that node (D4). */
function boundSpec(spec: PodSpec, nodeName: string): PodSpec {
  let onNodes = bound.get(spec);
  if (onNodes === undefined) {
    onNodes = new Map();
    bound.set(spec, onNodes);
    if (bound.size > templatesMax) bound.delete(bound.keys().next().value!);
  }
  let onNode = onNodes.get(nodeName);
  if (onNode === undefined) {
    onNode = { ...spec, nodeName };
    onNodes.set(nodeName, onNode);
  }
  return onNode;
}
