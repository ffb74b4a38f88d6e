// Upstream: apiserver/pkg/admission/plugin/policy/validating/{dispatcher,validator}.go
import type {
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  Validation,
} from '#generated/types/admissionregistration.v1.ts';
import { validatingAdmissionPolicies } from '#kubernetes/api/admissionregistration/validatingAdmissionPolicy.ts';
import { validatingAdmissionPolicyBindings } from '#kubernetes/api/admissionregistration/validatingAdmissionPolicyBinding.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { remembered } from '#kubernetes/api/sharing.ts';
import { qualifiedResource, StatusError, type StatusReason } from '#kubernetes/apimachinery/statusError.ts';
import type { AdmissionPlugin, AdmissionRequest, ServerContext } from '../../context.ts';
import { followed } from '../../kindCache.ts';
import { type CelInput, celInput, evaluate, matchConditions, withVariables } from '../celInput.ts';
import { isExempt, matchesRequest } from '../matching.ts';
import { collectParams } from './params.ts';

const policiesOf = followed(validatingAdmissionPolicies);
const bindingsOf = followed(validatingAdmissionPolicyBindings);

/** Why a policy is against a request. */
interface Decision {
  readonly policy: ValidatingAdmissionPolicy;
  readonly binding: ValidatingAdmissionPolicyBinding | undefined;
  readonly message: string;
  readonly reason: StatusReason;
}

const messageLengthMax = 5 * 1024;
const codes: Readonly<Record<string, number>> = {
  Unauthorized: 401,
  Forbidden: 403,
  Invalid: 422,
  RequestEntityTooLarge: 413,
};

const messageExpressionOf = remembered(({ messageExpression = '' }: Validation) => ({
  expression: messageExpression,
}));

/** What a validation that failed says: its expression's answer, its own text, or the expression itself. */
function messageOf(validation: Validation, input: CelInput): string {
  const { messageExpression, message, expression } = validation;
  if (messageExpression) {
    const result = evaluate(messageExpressionOf(validation), input);
    const text = 'value' in result && typeof result.value === 'string' ? result.value.trim() : '';
    if (text !== '' && text.length <= messageLengthMax && !text.includes('\n')) return text;
  }
  return message?.trim() || `failed expression: ${expression.trim()}`;
}

/** What a policy with its parameters has against an object; empty when it has nothing. */
function violations(
  { spec }: ValidatingAdmissionPolicy,
  input: CelInput,
): { readonly message: string; readonly reason: StatusReason }[] {
  const { failurePolicy, validations = [], auditAnnotations = [] } = spec;
  const failed = (message: string) =>
    failurePolicy === 'Ignore' ? [] : [{ message, reason: 'Invalid' as const }];
  const matches = matchConditions(spec.matchConditions, input, failurePolicy);
  if (typeof matches === 'object') return failed(matches.error);
  if (!matches) return [];
  return [
    ...validations.flatMap((validation) => {
      const result = evaluate(validation, input);
      if ('error' in result) return failed(result.error);
      if (result.value === true) return [];
      const reason = (validation.reason ?? 'Invalid') as StatusReason;
      return [{ message: messageOf(validation, input), reason }];
    }),
    ...auditAnnotations.flatMap((annotation) => {
      const result = evaluate(annotationExpressionOf(annotation), input);
      return 'error' in result ? failed(result.error) : [];
    }),
  ];
}

const annotationExpressionOf = remembered(({ valueExpression }: { readonly valueExpression: string }) => ({
  expression: valueExpression,
}));

/** What one binding of a policy has against a request, by what is to be done about it. */
function ofBinding(
  policy: ValidatingAdmissionPolicy,
  binding: ValidatingAdmissionPolicyBinding,
  object: KubeObject | undefined,
  request: AdmissionRequest,
  context: ServerContext,
): Decision[] {
  const { spec, metadata } = binding;
  let params;
  try {
    params = collectParams(policy.spec.paramKind, spec.paramRef, request, context);
  } catch (error) {
    if (policy.spec.failurePolicy === 'Ignore') return [];
    const message = `failed to configure binding: ${(error as Error).message}`;
    return [{ policy, binding, message, reason: 'Invalid' }];
  }
  const denied: Decision[] = [];
  for (const one of params) {
    const input = withVariables(celInput(object, request, context, one), policy.spec.variables);
    for (const { message, reason } of violations(policy, input)) {
      if (spec.validationActions.includes('Deny')) denied.push({ policy, binding, message, reason });
      if (spec.validationActions.includes('Warn'))
        request.warnings?.push(
          `Validation failed for ValidatingAdmissionPolicy '${policy.metadata.name}' with binding '${metadata.name}': ${message}`,
        );
    }
  }
  return denied;
}

function refuse({ policy, binding, message, reason }: Decision, request: AdmissionRequest): StatusError {
  const { kind, name } = request;
  const by = binding === undefined ? '' : ` with binding '${binding.metadata.name}'`;
  const text = `ValidatingAdmissionPolicy '${policy.metadata.name}'${by} denied request: ${message}`;
  return new StatusError(
    reason,
    `${qualifiedResource(kind.group, kind.plural)} "${name}" is forbidden: ${text}`,
    { name, ...(kind.group && { group: kind.group }), kind: kind.plural, causes: [{ message: text }] },
    codes[reason] ?? 422,
  );
}

/** Asks every ValidatingAdmissionPolicy that is bound. Without any it costs one look into an empty list. */
export const validatingAdmissionPolicy: AdmissionPlugin = {
  name: 'ValidatingAdmissionPolicy',
  validate(object, request, context) {
    const policies = policiesOf(context.storage);
    if (policies.length === 0 || isExempt(request)) return;
    const bindings = bindingsOf(context.storage);
    const denied: Decision[] = [];
    for (const policy of policies) {
      const { matchConstraints } = policy.spec;
      const own = bindings.filter(({ spec }) => spec.policyName === policy.metadata.name);
      if (own.length === 0 || !matchConstraints) continue;
      if (!matchesRequest(matchConstraints, object, request, context)) continue;
      for (const binding of own) {
        const { matchResources } = binding.spec;
        if (matchResources && !matchesRequest(matchResources, object, request, context)) continue;
        denied.push(...ofBinding(policy, binding, object, request, context));
      }
    }
    if (denied.length > 0) throw refuse(denied[0]!, request);
  },
};
