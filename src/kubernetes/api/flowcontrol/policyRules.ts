// Upstream: pkg/apis/flowcontrol/validation/validation.go
import type { NonResourcePolicyRule, ResourcePolicyRule } from '#generated/types/flowcontrol.v1.ts';
import { invalidValue, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkDns1123Label } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { invalidFor } from '../fieldChecks.ts';

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch'];
const namespaceIntroduction = "each member of this list must be '*' or a DNS-1123 label; ";

/** A list in which `*` stands alone. */
function validateWildcard(field: string, values: readonly string[], what: string): FieldError[] {
  return values.length > 1 && values.includes('*')
    ? [invalidValue(field, values, `if '*' is present, must not specify other ${what}`)]
    : [];
}

function validateVerbs(asked: readonly string[] = []): FieldError[] {
  if (asked.length === 0) return [required('verbs', 'verbs must contain at least one value')];
  if (asked.includes('*')) return validateWildcard('verbs', asked, 'verbs');
  return asked.every((verb) => verbs.includes(verb)) ? [] : [notSupported('verbs', asked, verbs)];
}

function whatIsWrongWithPath(path: string): string | undefined {
  if (path === '') return 'must not be empty';
  if (path === '/') return undefined;
  if (!path.startsWith('/')) return 'must start with slash';
  if (path.includes(' ')) return 'must not contain white-space';
  if (path.includes('//')) return 'must not contain double slash';
  const stars = path.split('*').length - 1;
  return stars > 1 || (stars === 1 && !path.endsWith('/*'))
    ? 'wildcard can only do suffix matching'
    : undefined;
}

/** What is wrong with a rule for URLs such as `/healthz`; fields are relative to it. */
export function validateNonResourceRule({
  verbs: asked,
  nonResourceURLs = [],
}: Partial<NonResourcePolicyRule>): FieldError[] {
  const errors = validateVerbs(asked);
  const field = 'nonResourceURLs';
  if (nonResourceURLs.length === 0)
    return [...errors, required(field, 'nonResourceURLs must contain at least one value')];
  if (nonResourceURLs.includes('*'))
    return [...errors, ...validateWildcard(field, nonResourceURLs, 'non-resource URLs')];
  return [
    ...errors,
    ...nonResourceURLs.flatMap((path, index) => {
      const why = whatIsWrongWithPath(path);
      return why === undefined ? [] : [invalidValue(`${field}[${index}]`, path, why)];
    }),
  ];
}

function validateNamespaces({ namespaces = [], clusterScope }: Partial<ResourcePolicyRule>): FieldError[] {
  if (namespaces.length === 0 && !clusterScope)
    return [
      required('namespaces', 'resource rules that are not cluster scoped must supply at least one namespace'),
    ];
  if (namespaces.includes('*')) return validateWildcard('namespaces', namespaces, 'namespaces');
  return namespaces.flatMap((namespace, index) =>
    invalidFor(
      `namespaces[${index}]`,
      namespace,
      checkDns1123Label(namespace).map((sentence) => namespaceIntroduction + sentence),
    ),
  );
}

/** What is wrong with a rule for objects; fields are relative to it. */
export function validateResourceRule(rule: Partial<ResourcePolicyRule>): FieldError[] {
  const { verbs: asked, apiGroups = [], resources = [] } = rule;
  return [
    ...validateVerbs(asked),
    ...(apiGroups.length === 0
      ? [required('apiGroups', 'resource rules must supply at least one api group')]
      : validateWildcard('apiGroups', apiGroups, 'api groups')),
    ...(resources.length === 0
      ? [required('resources', 'resource rules must supply at least one resource')]
      : validateWildcard('resources', resources, 'resources')),
    ...validateNamespaces(rule),
  ];
}
