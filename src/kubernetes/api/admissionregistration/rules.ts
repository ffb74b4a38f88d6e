// Upstream: validateRule and validateResources in pkg/apis/admissionregistration/validation/validation.go
import type {
  NamedRuleWithOperations,
  RuleWithOperations,
} from '#generated/types/admissionregistration.v1.ts';
import { duplicate, invalidValue, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkPathSegment } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { invalidFor } from '../fieldChecks.ts';
import { mapList, withDefaults } from '../sharing.ts';

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const scopes = ['*', 'Cluster', 'Namespaced'];

/** Rules are for objects of both scopes unless they say otherwise. */
export function defaultRules<R extends RuleWithOperations>(
  rules: readonly R[] | undefined,
): readonly R[] | undefined {
  return mapList(rules, (rule) => withDefaults<RuleWithOperations>(rule, { scope: '*' }) as R);
}

function validateResources(resources: readonly string[] = []): FieldError[] {
  if (resources.length === 0) return [required('resources')];
  const errors: FieldError[] = [];
  const wholeResources = new Set<string>();
  const wholeSubresources = new Set<string>();
  for (const [index, name] of resources.entries()) {
    if (name === '') errors.push(required(`resources[${index}]`));
    const slash = name.indexOf('/');
    if (slash < 0) continue;
    const [resource, subresource] = [name.slice(0, slash), name.slice(slash + 1)];
    const refuse = (present: string) =>
      errors.push(
        invalidValue(`resources[${index}]`, name, `if '${present}' is present, must not specify ${name}`),
      );
    if (wholeResources.has(resource)) refuse(`${resource}/*`);
    if (wholeSubresources.has(subresource)) refuse(`*/${subresource}`);
    if (subresource === '*') wholeResources.add(resource);
    if (resource === '*') wholeSubresources.add(subresource);
  }
  if (resources.length > 1 && resources.includes('*/*'))
    errors.push(
      invalidValue('resources', resources, "if '*/*' is present, must not specify other resources"),
    );
  const hasPlain = resources.some((name) => name !== '' && name !== '*' && !name.includes('/'));
  if (resources.includes('*') && hasPlain)
    errors.push(
      invalidValue(
        'resources',
        resources,
        "if '*' is present, must not specify other resources without subresources",
      ),
    );
  return errors;
}

/** A list of which `*` must be the only member. */
function validateAlone(field: string, values: readonly string[] = [], what: string): FieldError[] {
  if (values.length === 0) return [required(field)];
  return values.length > 1 && values.includes('*')
    ? [invalidValue(field, values, `if '*' is present, must not specify other ${what}`)]
    : [];
}

/** What is wrong with a rule of a webhook; fields are relative to it. */
export function validateRule(rule: RuleWithOperations): FieldError[] {
  const { operations: asked = [], apiGroups, apiVersions = [], resources, scope } = rule;
  return [
    ...validateAlone('operations', asked, 'operations'),
    ...asked.flatMap((operation, index) =>
      operations.includes(operation) ? [] : [notSupported(`operations[${index}]`, operation, operations)],
    ),
    ...validateAlone('apiGroups', apiGroups, 'API groups'),
    ...validateAlone('apiVersions', apiVersions, 'API versions'),
    ...apiVersions.flatMap((version, index) => (version === '' ? [required(`apiVersions[${index}]`)] : [])),
    ...validateResources(resources),
    ...(scope !== undefined && !scopes.includes(scope) ? [notSupported('scope', scope, scopes)] : []),
  ];
}

/** As `validateRule`, for a rule that may name objects. */
export function validateNamedRule(rule: NamedRuleWithOperations): FieldError[] {
  const names = new Set<string>();
  const errors = (rule.resourceNames ?? []).flatMap((name, index) => {
    const field = `resourceNames[${index}]`;
    const wrong = invalidFor(field, name, checkPathSegment(name));
    if (names.has(name)) wrong.push(duplicate(field, name));
    names.add(name);
    return wrong;
  });
  return [...errors, ...validateRule(rule)];
}
