// Upstream: pkg/apis/networking/validation/validation.go
import type { ServiceCIDR, ServiceCIDRSpec } from '#generated/types/networking.v1.ts';
import { invalidValue, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkCidr, parseCidr } from '#kubernetes/apimachinery/ip.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import { invalidFor } from '../fieldChecks.ts';
import { internalForm } from '../internalForm.ts';
import type { Kind } from '../kind.ts';

export type { ServiceCIDR };

const field = 'spec.cidrs';
const immutable = 'field is immutable';

function validateSpec(spec: ServiceCIDRSpec): FieldError[] {
  const { cidrs = [] } = spec;
  if (cidrs.length === 0) return [required(field, 'at least one CIDR required')];
  const shown = internalForm('networking.v1.ServiceCIDRSpec', spec);
  if (cidrs.length > 2) return [invalidValue(field, shown, 'may only hold up to 2 values')];
  const [first, second] = cidrs.map((cidr) => parseCidr(cidr)?.ip.family);
  // Two that are not one of each family, be it that one of them is none at all.
  if (cidrs.length === 2 && (first === undefined || second === undefined || first === second)) {
    const why = 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64';
    return [invalidValue(field, shown, why)];
  }
  return cidrs.flatMap((cidr, index) => invalidFor(`${field}[${index}]`, cidr, checkCidr(cidr, true)));
}

export const serviceCidrs: Kind<ServiceCIDR> = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'ServiceCIDR',
  plural: 'servicecidrs',
  singular: 'servicecidr',
  shortNames: [],
  categories: [],
  namespaced: false,
  schema: 'io.k8s.api.networking.v1.ServiceCIDR',
  hasStatus: true,
  validate: ({ spec }) => validateSpec(spec),
  validateUpdate({ spec: { cidrs = [] } }, { spec: { cidrs: old = [] } }) {
    // A second family may be added; what is there already stays.
    const mayGrow = old.length === 1 && cidrs.length === 2;
    if (cidrs.length !== old.length && !mayGrow) return [invalidValue(field, cidrs, immutable)];
    return old.flatMap((cidr, index) =>
      cidr === cidrs[index] ? [] : [invalidValue(`${field}[${index}]`, cidrs[index], immutable)],
    );
  },
  columns: [nameColumn, column('CIDRs', ({ spec }) => (spec.cidrs ?? []).join(',')), ageColumn],
};
