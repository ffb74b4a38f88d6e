// Upstream: pkg/apis/networking/validation/validation.go
import type { IPAddress, ParentReference } from '#generated/types/networking.v1.ts';
import { required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkIp } from '#kubernetes/apimachinery/ip.ts';
import { checkDns1123Subdomain, checkPathSegment } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import { invalidFor, under } from '../fieldChecks.ts';
import { validateImmutableAs } from '../internalForm.ts';
import type { Kind } from '../kind.ts';

export type { IPAddress };

function validateParent({ group, resource, name, namespace }: ParentReference): FieldError[] {
  return [
    ...(group ? invalidFor('group', group, checkDns1123Subdomain(group)) : []),
    ...(resource ? invalidFor('resource', resource, checkPathSegment(resource)) : [required('resource')]),
    ...(name ? invalidFor('name', name, checkPathSegment(name)) : [required('name')]),
    ...(namespace ? invalidFor('namespace', namespace, checkPathSegment(namespace)) : []),
  ];
}

/** `services/default/kubernetes`. */
function formatParent({ spec: { parentRef } }: IPAddress): string {
  if (parentRef === undefined) return '<none>';
  const { group, resource, namespace, name } = parentRef;
  const type = (group ? `${resource}.${group}` : resource).toLowerCase();
  return namespace ? `${type}/${namespace}/${name}` : `${type}/${name}`;
}

const addressLabels: Readonly<Record<string, (address: IPAddress) => string>> = {
  'spec.parentRef.group': ({ spec }) => spec.parentRef?.group ?? '',
  'spec.parentRef.resource': ({ spec }) => spec.parentRef?.resource ?? '',
  'spec.parentRef.namespace': ({ spec }) => spec.parentRef?.namespace ?? '',
  'spec.parentRef.name': ({ spec }) => spec.parentRef?.name ?? '',
};

export const ipAddresses: Kind<IPAddress> = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IPAddress',
  plural: 'ipaddresses',
  singular: 'ipaddress',
  shortNames: ['ip'],
  categories: [],
  namespaced: false,
  schema: 'io.k8s.api.networking.v1.IPAddress',
  hasStatus: false,
  checkName: checkIp,
  validate: ({ spec: { parentRef } }) =>
    parentRef === undefined
      ? [required('spec.parentRef')]
      : under('spec.parentRef', validateParent(parentRef)),
  validateUpdate: ({ spec }, { spec: old }) =>
    validateImmutableAs('networking.v1.ParentReference', 'spec.parentRef', spec.parentRef, old.parentRef),
  selectableFields: Object.keys(addressLabels),
  fieldValue: (address, field) => addressLabels[field]?.(address) ?? '',
  columns: [nameColumn, column('ParentRef', formatParent), ageColumn],
};
