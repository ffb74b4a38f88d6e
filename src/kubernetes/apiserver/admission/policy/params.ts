// Upstream: apiserver/pkg/admission/plugin/policy/generic/policy_dispatcher.go CollectParams
import type { ParamKind, ParamRef } from '#generated/types/admissionregistration.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { selectorOf } from '#kubernetes/apimachinery/labels.ts';
import type { AdmissionRequest, ServerContext } from '../../context.ts';

/** The parameters that a binding hands to its policy, one evaluation each; `null` is one without. Throws an Error. */
export function collectParams(
  paramKind: ParamKind | undefined,
  paramRef: ParamRef | undefined,
  request: AdmissionRequest,
  { kinds, storage }: ServerContext,
): readonly (KubeObject | null)[] {
  if (paramKind === undefined || paramRef === undefined) return [null];
  const kind = kinds.findKind(paramKind.apiVersion ?? '', paramKind.kind ?? '');
  if (kind === undefined)
    throw new Error(`paramKind kind \`${paramKind.apiVersion}, Kind=${paramKind.kind}\` not known`);
  if (!kind.namespaced && paramRef.namespace)
    throw new Error('paramRef.namespace must not be provided for a cluster-scoped `paramKind`');
  const namespace = kind.namespaced ? paramRef.namespace || request.namespace : '';
  if (kind.namespaced && namespace === '')
    throw new Error('cannot use namespaced paramRef in policy binding that matches cluster-scoped resources');
  const found = paramRef.name
    ? [storage.get(kind, namespace, paramRef.name)].filter((object) => object !== undefined)
    : storage
        .list(kind, namespace)
        .items.filter(({ metadata }) => selectorOf(paramRef.selector).matches(metadata.labels));
  if (found.length === 0 && paramRef.parameterNotFoundAction === 'Deny')
    throw new Error('no params found for policy binding with `Deny` parameterNotFoundAction');
  return found;
}
