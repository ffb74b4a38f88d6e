// Upstream: pkg/apis/flowcontrol/validation/validation.go
import type { ServiceAccountSubject, Subject } from '#generated/types/flowcontrol.v1.ts';
import { forbidden, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkDns1123Label, checkDns1123Subdomain } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { invalidFor, under } from '../fieldChecks.ts';

/** Each kind of subject and the field that says which one. */
const fields = { ServiceAccount: 'serviceAccount', User: 'user', Group: 'group' } as const;
type SubjectKind = keyof typeof fields;

function validateServiceAccount({ name, namespace }: ServiceAccountSubject): FieldError[] {
  const errors = !name
    ? [required('name')]
    : name === '*'
      ? []
      : invalidFor('name', name, checkDns1123Subdomain(name));
  return namespace
    ? [...errors, ...invalidFor('namespace', namespace, checkDns1123Label(namespace))]
    : [...errors, required('namespace', 'must specify namespace for service account')];
}

/** What is wrong with who a rule is for; fields are relative to it. */
export function validateSubject(subject: Subject): FieldError[] {
  if (!(subject.kind in fields)) return [notSupported('kind', subject.kind, Object.keys(fields).sort())];
  const kind = subject.kind as SubjectKind;
  const field = fields[kind];
  const named = subject[field];
  const errors =
    named === undefined
      ? [required(field, `${field} is required when subject kind is '${kind}'`)]
      : kind === 'ServiceAccount'
        ? under(field, validateServiceAccount(subject.serviceAccount!))
        : named.name
          ? []
          : [required(`${field}.name`)];
  for (const [otherKind, other] of Object.entries(fields))
    if (other !== field && subject[other] !== undefined)
      errors.push(forbidden(other, `${other} is forbidden when subject kind is not '${otherKind}'`));
  return errors;
}
