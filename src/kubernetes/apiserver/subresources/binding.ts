// Upstream: pkg/registry/core/pod/storage/storage.go BindingREST
import type { Binding, Pod, PodSpec } from '#generated/types/core.v1.ts';
import { sharedConditions } from '#kubernetes/api/sharedConditions.ts';
import { badRequest, conflict, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { checkUid } from '../objectMeta.ts';
import { isDryRun } from '../verbs/create.ts';
import type { Subresource } from './subresource.ts';

/** POST pods/NAME/binding: the scheduler's answer. A pod is bound once. */
export const binding: Subresource = {
  serves: ({ info }) => info.resource === 'pods' && info.subresource === 'binding',
  serve(call, context) {
    const { request, info, stored } = call;
    const { metadata: own, target } = (request.body ?? {}) as Partial<Binding>;
    if (own?.name && own.name !== info.name)
      throw badRequest('name in URL does not match name in Binding object');
    const { kind = '', name: node = '' } = target ?? {};
    const errors: string[] = [];
    if (kind !== '' && kind !== 'Node')
      errors.push(`target.kind: Unsupported value: "${kind}": supported values: "Node", "<empty>"`);
    if (typeof node !== 'string' || node === '') errors.push('target.name: Required value');
    if (errors.length > 0)
      throw new StatusError('Unknown', errors.length === 1 ? errors[0]! : `[${errors.join(', ')}]`);
    const pod = context.storage.read(stored, info.namespace, info.name) as Pod;
    checkUid(own?.uid, pod, call);
    const why = refusal(pod);
    if (why !== null) throw conflict('', 'pods/binding', info.name, `pod ${info.name} ${why}`);
    const conditions = sharedConditions([
      ...(pod.status.conditions ?? []).filter((condition) => condition.type !== 'PodScheduled'),
      { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: context.timestamp() },
    ]);
    const bound = {
      ...pod,
      metadata: own?.annotations ? withAnnotations(pod.metadata, own.annotations) : pod.metadata,
      spec: boundSpec(pod.spec, node),
      status: { ...withoutNomination(pod.status), conditions },
    };
    if (!isDryRun(request.query?.['dryRun'])) context.storage.put(stored, bound, pod);
    return {
      status: 201,
      body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 },
    };
  },
};

function withAnnotations(metadata: Pod['metadata'], more: Readonly<Record<string, string>>): Pod['metadata'] {
  return { ...metadata, annotations: { ...metadata.annotations, ...more } };
}

/** A nomination holds a place for a pod that waits: it ends with the waiting, whichever node the pod gets. */
function withoutNomination(status: Pod['status']): Pod['status'] {
  if (status.nominatedNodeName === undefined) return status;
  const { nominatedNodeName: _, ...rest } = status;
  return rest;
}

/** Why a pod cannot be bound, null when it can. */
function refusal({ metadata, spec }: Pod): string | null {
  if (metadata.deletionTimestamp !== undefined) return 'is being deleted, cannot be assigned to a host';
  if (spec.nodeName) return `is already assigned to node "${spec.nodeName}"`;
  return spec.schedulingGates?.length ? 'has non-empty .spec.schedulingGates' : null;
}

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
