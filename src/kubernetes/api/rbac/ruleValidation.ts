// Upstream: pkg/apis/rbac/validation/validation.go
import type { PolicyRule, RoleRef, Subject } from '#generated/types/rbac.v1.ts';
import { invalidValue, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkDns1123Subdomain, checkPathSegment } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { invalidFor } from '../fieldChecks.ts';
import { mapList, withDefaults, withField } from '../sharing.ts';

export const rbacGroup = 'rbac.authorization.k8s.io';

export function validateRules(rules: readonly PolicyRule[] | undefined, namespaced: boolean): FieldError[] {
  return (rules ?? []).flatMap((rule, i) => validateRule(rule, `rules[${i}]`, namespaced));
}

function validateRule(rule: Partial<PolicyRule>, path: string, namespaced: boolean): FieldError[] {
  const { verbs = [], apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const errors: FieldError[] = [];
  if (verbs.length === 0) errors.push(required(`${path}.verbs`, 'verbs must contain at least one value'));
  if (nonResourceURLs.length > 0) {
    const refuse = (why: string) =>
      errors.push(invalidValue(`${path}.nonResourceURLs`, nonResourceURLs, why));
    if (namespaced) refuse('namespaced rules cannot apply to non-resource URLs');
    if (apiGroups.length > 0 || resources.length > 0 || resourceNames.length > 0)
      refuse('rules cannot apply to both regular resources and non-resource URLs');
    return errors;
  }
  if (apiGroups.length === 0)
    errors.push(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'));
  if (resources.length === 0)
    errors.push(required(`${path}.resources`, 'resource rules must supply at least one resource'));
  return errors;
}

interface Binding {
  readonly roleRef: RoleRef;
  readonly subjects?: readonly Subject[];
}

/** Fills in the API groups of a binding's role and subjects. Upstream: pkg/apis/rbac/v1/defaults.go */
export function defaultBinding<T extends Binding>(binding: T): T {
  const roleRef = withDefaults(binding.roleRef, { apiGroup: rbacGroup });
  const subjects = mapList(binding.subjects, (subject) =>
    subject.kind === 'User' || subject.kind === 'Group'
      ? withDefaults(subject, { apiGroup: rbacGroup })
      : subject,
  );
  return withField(withField(binding, 'roleRef', roleRef), 'subjects', subjects);
}

export function validateBinding(
  { roleRef, subjects = [] }: Binding,
  roleKinds: readonly string[],
): FieldError[] {
  const errors: FieldError[] = [];
  if (roleRef.apiGroup !== rbacGroup)
    errors.push(notSupported('roleRef.apiGroup', roleRef.apiGroup ?? '', [rbacGroup]));
  if (!roleKinds.includes(roleRef.kind)) errors.push(notSupported('roleRef.kind', roleRef.kind, roleKinds));
  if (roleRef.name === '') errors.push(required('roleRef.name'));
  else errors.push(...invalidFor('roleRef.name', roleRef.name, checkPathSegment(roleRef.name)));
  const namespaced = roleKinds.includes('Role');
  return [
    ...errors,
    ...subjects.flatMap((subject, i) => validateSubject(subject, namespaced, `subjects[${i}]`)),
  ];
}

function validateSubject(subject: Subject, namespaced: boolean, path: string): FieldError[] {
  const { kind, name, namespace = '', apiGroup = '' } = subject;
  const errors = name === '' ? [required(`${path}.name`)] : [];
  switch (kind) {
    case 'ServiceAccount':
      if (name !== '') errors.push(...invalidFor(`${path}.name`, name, checkDns1123Subdomain(name)));
      if (apiGroup !== '') errors.push(notSupported(`${path}.apiGroup`, apiGroup, ['']));
      if (!namespaced && namespace === '') errors.push(required(`${path}.namespace`));
      return errors;
    case 'User':
    case 'Group':
      if (name === '')
        errors.push(invalidValue(`${path}.name`, name, `${kind.toLowerCase()} name cannot be empty`));
      if (apiGroup !== rbacGroup) errors.push(notSupported(`${path}.apiGroup`, apiGroup, [rbacGroup]));
      return errors;
    default:
      return [...errors, notSupported(`${path}.kind`, kind, ['ServiceAccount', 'User', 'Group'])];
  }
}

/** Who is bound may change, to what may not. */
export function validateBindingUpdate({ roleRef }: Binding, old: Binding): FieldError[] {
  if (deepEqual(roleRef, old.roleRef)) return [];
  const shown = { APIGroup: roleRef.apiGroup ?? '', Kind: roleRef.kind, Name: roleRef.name };
  return [invalidValue('roleRef', shown, 'cannot change roleRef')];
}
