// Upstream: apiserver/pkg/admission/plugin/policy/mutating/{dispatcher,patch/json_patch,patch/smd}.go
import type {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  Mutation,
} from '#generated/types/admissionregistration.v1.ts';
import { mutatingAdmissionPolicies } from '#kubernetes/api/admissionregistration/mutatingAdmissionPolicy.ts';
import { mutatingAdmissionPolicyBindings } from '#kubernetes/api/admissionregistration/mutatingAdmissionPolicyBinding.ts';
import { patchSchemaOf } from '#kubernetes/api/mergeKeys.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { jsonValue } from '#kubernetes/apimachinery/cel.ts';
import { applyJsonPatch } from '#kubernetes/apimachinery/jsonPatch.ts';
import { qualifiedResource, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { applyStrategicMergePatch } from '#kubernetes/apimachinery/strategicMergePatch.ts';
import { share } from '#kubernetes/apimachinery/structure.ts';
import type { AdmissionPlugin, AdmissionRequest, ServerContext } from '../../context.ts';
import { followed } from '../../kindCache.ts';
import { celInput, evaluate, matchConditions, withVariables } from '../celInput.ts';
import { completed } from '../completed.ts';
import { isExempt, matchesRequest } from '../matching.ts';
import { reinvocationOf } from '../reinvocation.ts';
import { collectParams } from './params.ts';

const policiesOf = followed(mutatingAdmissionPolicies);
const bindingsOf = followed(mutatingAdmissionPolicyBindings);

/** The object as one mutation leaves it. Throws an Error that says why it cannot. */
function mutate(mutation: Mutation, object: KubeObject, request: AdmissionRequest, input: Input): KubeObject {
  const { patchType, jsonPatch, applyConfiguration } = mutation;
  const expression = (patchType === 'JSONPatch' ? jsonPatch : applyConfiguration) as { expression: string };
  const result = evaluate(expression, input);
  if ('error' in result) throw new Error(result.error);
  const patch = jsonValue(result.value);
  if (patchType === 'JSONPatch') {
    const patched = applyJsonPatch(object, withoutUnset(patch));
    return completed(patched, request);
  }
  if (typeof patch !== 'object' || patch === null)
    throw new Error('must evaluate to Object but got another type');
  const merged = applyStrategicMergePatch(object, patch, patchSchemaOf(request.kind.schema));
  return completed(merged, request);
}

type Input = ReturnType<typeof celInput>;

/** Operations without the fields that the expression left unset. */
function withoutUnset(patch: unknown): unknown {
  if (!Array.isArray(patch)) return patch;
  return patch.map((operation: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(operation).filter(([, value]) => value !== undefined)),
  );
}

function refuse(
  policy: MutatingAdmissionPolicy,
  binding: MutatingAdmissionPolicyBinding,
  why: string,
  { kind, name }: AdmissionRequest,
): StatusError {
  const text = `policy '${policy.metadata.name}' with binding '${binding.metadata.name}' denied request: ${why}`;
  return new StatusError(
    'Invalid',
    `${qualifiedResource(kind.group, kind.plural)} "${name}" is forbidden: ${text}`,
    { name, ...(kind.group && { group: kind.group }), kind: kind.plural, causes: [{ message: text }] },
  );
}

/** What one binding of a policy makes of an object. */
function ofBinding(
  policy: MutatingAdmissionPolicy,
  binding: MutatingAdmissionPolicyBinding,
  object: KubeObject,
  request: AdmissionRequest,
  context: ServerContext,
): KubeObject {
  const { failurePolicy, mutations = [], paramKind, variables, matchConditions: conditions } = policy.spec;
  let next = object;
  try {
    for (const params of collectParams(paramKind, binding.spec.paramRef, request, context)) {
      const input = withVariables(celInput(next, request, context, params), variables);
      const matches = matchConditions(conditions, input, failurePolicy);
      if (typeof matches === 'object') throw new Error(matches.error);
      if (!matches) continue;
      for (const mutation of mutations) {
        const seen = withVariables(celInput(next, request, context, params), variables);
        next = share(mutate(mutation, next, request, seen), next);
      }
    }
  } catch (error) {
    if (failurePolicy === 'Ignore') return object;
    throw refuse(policy, binding, (error as Error).message, request);
  }
  return next;
}

/** Asks every MutatingAdmissionPolicy that is bound. Without any it costs one look into an empty list. */
export const mutatingAdmissionPolicy: AdmissionPlugin = {
  name: 'MutatingAdmissionPolicy',
  admit(object, request, context) {
    const policies = policiesOf(context.storage);
    if (policies.length === 0 || isExempt(request)) return object;
    const bindings = bindingsOf(context.storage);
    const reinvocation = reinvocationOf(request);
    let next = object;
    for (const policy of policies) {
      const { matchConstraints, reinvocationPolicy } = policy.spec;
      const own = bindings.filter(({ spec }) => spec.policyName === policy.metadata.name);
      if (own.length === 0 || !matchConstraints) continue;
      if (!reinvocation.isDue(policy, next, reinvocationPolicy)) continue;
      if (!matchesRequest(matchConstraints, next, request, context)) continue;
      for (const binding of own) {
        const { matchResources } = binding.spec;
        if (matchResources && !matchesRequest(matchResources, next, request, context)) continue;
        next = ofBinding(policy, binding, next, request, context);
      }
      reinvocation.remember(policy, next, reinvocationPolicy);
    }
    return next;
  },
};
