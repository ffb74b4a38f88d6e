// Upstream: apiserver/pkg/admission/plugin/policy/matching, apiserver/pkg/admission/plugin/webhook/predicates
import type { MatchResources, NamedRuleWithOperations } from '#generated/types/admissionregistration.v1.ts';
import type { LabelSelector } from '#generated/types/meta.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { remembered } from '#kubernetes/api/sharing.ts';
import { selectorOf } from '#kubernetes/apimachinery/labels.ts';
import type { AdmissionRequest, ServerContext } from '../context.ts';

const compiled = remembered((selector: LabelSelector) => selectorOf(selector));

/** Kinds that configure admission: nobody may lock himself out of them. */
const exempt = new Set([
  'mutatingadmissionpolicies',
  'mutatingadmissionpolicybindings',
  'mutatingwebhookconfigurations',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'validatingwebhookconfigurations',
]);

export function isExempt({ kind }: AdmissionRequest): boolean {
  return kind.group === 'admissionregistration.k8s.io' && exempt.has(kind.plural);
}

function has(values: readonly string[] | undefined, value: string): boolean {
  return values !== undefined && (values.includes('*') || values.includes(value));
}

function matchesResource(resources: readonly string[] = [], plural: string, subresource: string): boolean {
  return resources.some((entry) => {
    const [resource, part = ''] = entry.split('/');
    return (resource === '*' || resource === plural) && (part === '*' || part === subresource);
  });
}

/** With `Equivalent`, a rule for one version of a resource is one for all of them. */
function matchesVersion(
  rule: NamedRuleWithOperations,
  { kind }: AdmissionRequest,
  { kinds }: ServerContext,
  policy: string,
): boolean {
  if (has(rule.apiVersions, kind.version)) return true;
  return (
    policy === 'Equivalent' &&
    (rule.apiVersions ?? []).some(
      (version) => kinds.findResource(kind.group, version, kind.plural) !== undefined,
    )
  );
}

function matchesRule(
  rule: NamedRuleWithOperations,
  request: AdmissionRequest,
  context: ServerContext,
  policy: string,
): boolean {
  const { kind, operation, subresource, name } = request;
  const scope = kind.namespaced ? 'Namespaced' : 'Cluster';
  return (
    has(rule.operations, operation) &&
    has(rule.apiGroups, kind.group) &&
    matchesResource(rule.resources, kind.plural, subresource) &&
    (rule.scope === undefined || rule.scope === '*' || rule.scope === scope) &&
    (!rule.resourceNames?.length || rule.resourceNames.includes(name)) &&
    matchesVersion(rule, request, context, policy)
  );
}

/** The labels of the namespace that an object is in, or is. */
function namespaceLabels(
  object: KubeObject | undefined,
  { kind, namespace, old }: AdmissionRequest,
  { storage, kinds }: ServerContext,
): KubeObject['metadata']['labels'] {
  if (kind.group === '' && kind.plural === 'namespaces') return (object ?? old)?.metadata.labels;
  return storage.get(kinds.findResource('', 'v1', 'namespaces')!, '', namespace)?.metadata.labels;
}

function matchesNamespace(
  selector: LabelSelector | undefined,
  object: KubeObject | undefined,
  request: AdmissionRequest,
  context: ServerContext,
): boolean {
  const { kind } = request;
  const isNamespace = kind.group === '' && kind.plural === 'namespaces';
  if (selector === undefined || (!kind.namespaced && !isNamespace)) return true;
  return compiled(selector).matches(namespaceLabels(object, request, context));
}

function matchesObject(
  selector: LabelSelector | undefined,
  object: KubeObject | undefined,
  { old }: AdmissionRequest,
): boolean {
  if (selector === undefined) return true;
  const of = compiled(selector);
  return [object, old].some((one) => one !== undefined && of.matches(one.metadata.labels));
}

/** Whether a request is one of those that a policy, a binding or a webhook is for. */
export function matchesRequest(
  match: MatchResources & { readonly rules?: readonly NamedRuleWithOperations[] },
  object: KubeObject | undefined,
  request: AdmissionRequest,
  context: ServerContext,
): boolean {
  const { matchPolicy = 'Equivalent', excludeResourceRules = [] } = match;
  const rules = match.rules ?? match.resourceRules;
  const matches = (rule: NamedRuleWithOperations) => matchesRule(rule, request, context, matchPolicy);
  // A binding without rules takes all that its policy takes.
  return (
    (rules === undefined || rules.length === 0 ? match.rules === undefined : rules.some(matches)) &&
    !excludeResourceRules.some(matches) &&
    matchesNamespace(match.namespaceSelector, object, request, context) &&
    matchesObject(match.objectSelector, object, request)
  );
}
