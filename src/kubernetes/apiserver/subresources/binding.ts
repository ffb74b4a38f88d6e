// Upstream: pkg/registry/core/pod/storage/storage.go BindingREST
import type { Binding, Pod } from '#generated/types/core.v1.ts';
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
    const conditions = [
      ...(pod.status.conditions ?? []).filter((condition) => condition.type !== 'PodScheduled'),
      { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: context.timestamp() },
    ];
    const bound = {
      ...pod,
      metadata: pod.metadata,
      spec: { ...pod.spec, nodeName: node },
      status: { ...pod.status, conditions },
    };
    context.storage.put(stored, bound, pod);
    return { status: 201, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' } };
  },
};
