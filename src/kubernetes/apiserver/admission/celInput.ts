// Upstream: apiserver/pkg/admission/plugin/cel/{condition,composition}.go, apiserver/pkg/admission/plugin/webhook/matchconditions
import type { MatchCondition, Variable } from '#generated/types/admissionregistration.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { UserInfo } from '#kubernetes/api/request.ts';
import { remembered } from '#kubernetes/api/sharing.ts';
import { celErrorText, celValue, compileCel } from '#kubernetes/apimachinery/cel.ts';
import { type AccessQuestion, Authorizer } from '#kubernetes/apimachinery/cel/authorizer.ts';
import type { AdmissionRequest, ServerContext } from '../context.ts';

/** All that an expression of admission may speak of; which of it one does speak of was checked when it was stored. */
const names = [
  'object',
  'oldObject',
  'request',
  'namespaceObject',
  'params',
  'authorizer',
  'variables',
] as const;

export type CelInput = Record<(typeof names)[number], unknown>;

interface Expression {
  readonly expression: string;
}

const compile = remembered(({ expression }: Expression) => compileCel(expression, names));

/** How an expression came out. */
export type CelResult = { readonly value: unknown } | { readonly error: string };

/** Evaluates the expression of a condition, validation or mutation. Its object is what it is remembered by. */
export function evaluate(one: Expression, input: CelInput): CelResult {
  try {
    return { value: compile(one)(input) };
  } catch (error) {
    return { error: `expression '${one.expression}' resulted in error: ${celErrorText(error)}` };
  }
}

/** The `request` of expressions, as it is in an AdmissionReview. */
export function describeRequest(request: AdmissionRequest): Record<string, unknown> {
  const { kind, subresource, name, namespace, operation, user } = request;
  const gvk = { group: kind.group, version: kind.version, kind: kind.kind };
  const gvr = { group: kind.group, version: kind.version, resource: kind.plural };
  return {
    kind: gvk,
    resource: gvr,
    ...(subresource && { subResource: subresource }),
    requestKind: gvk,
    requestResource: gvr,
    ...(subresource && { requestSubResource: subresource }),
    name,
    ...(namespace && { namespace }),
    operation,
    userInfo: { username: user.name, groups: user.groups },
    dryRun: request.dryRun,
    options: { kind: optionsKinds[operation], apiVersion: 'meta.k8s.io/v1' },
  };
}

const optionsKinds = {
  CREATE: 'CreateOptions',
  UPDATE: 'UpdateOptions',
  DELETE: 'DeleteOptions',
  CONNECT: '',
} as const;

/** What the expressions of one policy or webhook see of a request. */
export function celInput(
  object: KubeObject | undefined,
  request: AdmissionRequest,
  context: ServerContext,
  params: KubeObject | null = null,
): CelInput {
  const { kind, namespace, name, subresource } = request;
  const namespaces = context.kinds.findResource('', 'v1', 'namespaces')!;
  const home = kind.namespaced ? context.storage.get(namespaces, '', namespace) : undefined;
  const asked = { group: kind.group, resource: kind.plural, namespace, name, subresource };
  return {
    object: celValue(object ?? null),
    oldObject: celValue(request.old ?? null),
    request: celValue(describeRequest(request)),
    namespaceObject: celValue(home ?? null),
    params: celValue(params),
    authorizer: new Authorizer((question) => askAccess(question, request, context), {}, asked),
    variables: {},
  };
}

/** What the authorizer says to an expression. */
function askAccess(
  { serviceAccount, verb, ...question }: AccessQuestion,
  { user }: AdmissionRequest,
  { access }: ServerContext,
): { readonly isAllowed: boolean; readonly reason: string } {
  const asked = { group: '', resource: '', subresource: '', namespace: '', name: '', path: '', ...question };
  const who = serviceAccount === undefined ? user : accountUser(serviceAccount);
  const decision = access?.authorize({ ...asked, user: who, verb, fieldSelector: '' });
  return { isAllowed: decision?.allowed ?? true, reason: decision?.reason ?? '' };
}

/** Upstream: apiserver/pkg/authentication/serviceaccount/util.go */
function accountUser({ namespace, name }: { readonly namespace: string; readonly name: string }): UserInfo {
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  };
}

/** The input with a policy's variables, each evaluated when it is first read. */
export function withVariables(input: CelInput, variables: readonly Variable[] = []): CelInput {
  const values: Record<string, unknown> = {};
  const complete = { ...input, variables: values };
  for (const variable of variables) {
    let known: CelResult | undefined;
    Object.defineProperty(values, variable.name, {
      enumerable: true,
      get() {
        known ??= evaluateVariable(variable, complete);
        if ('error' in known) throw new Error(known.error);
        return known.value;
      },
    });
  }
  return complete;
}

function evaluateVariable(variable: Variable, input: CelInput): CelResult {
  try {
    return { value: compile(variable)(input) };
  } catch (error) {
    return {
      error: `composited variable ${JSON.stringify(variable.name)} fails to evaluate: ${celErrorText(error)}`,
    };
  }
}

/**
 * Whether match conditions let a request through. Any that is false leaves it out; a mere error counts as the failure
 * policy says: it leaves out, or comes back as the error.
 */
export function matchConditions(
  conditions: readonly MatchCondition[] = [],
  input: CelInput,
  failurePolicy: string | undefined,
): boolean | { readonly error: string } {
  const errors: string[] = [];
  for (const condition of conditions) {
    const result = evaluate(condition, input);
    if ('error' in result) errors.push(result.error);
    else if (result.value !== true) return false;
  }
  if (errors.length === 0) return true;
  if (failurePolicy === 'Ignore') return false;
  return { error: errors.length === 1 ? errors[0]! : `[${errors.join(', ')}]` };
}
