// Upstream: ValidateNode and ValidateNodeUpdate in pkg/apis/core/validation/validation.go
import type { Node } from '#generated/types/core.v1.ts';
import { duplicate, invalidValue } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkCidr } from '#kubernetes/apimachinery/ip.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { invalidFor, validateNotNegativeQuantity } from './fieldChecks.ts';
import type { LaterRules } from './laterRules.ts';

function validatePodCidrs(cidrs: readonly string[]): FieldError[] {
  const errors = cidrs.flatMap((cidr, index) => invalidFor(`spec.podCIDRs[${index}]`, cidr, checkCidr(cidr)));
  const families = new Set(cidrs.map((cidr) => cidr.includes(':')));
  const why = 'may specify no more than one CIDR for each IP family';
  if (cidrs.length > families.size) errors.push(invalidValue('spec.podCIDRs', cidrs, why));
  return errors;
}

function validateStatus({ status }: Node): FieldError[] {
  const errors: FieldError[] = [];
  for (const field of ['capacity', 'allocatable'] as const)
    for (const [name, amount] of Object.entries(status[field] ?? {}))
      errors.push(...validateNotNegativeQuantity(`status.${field}[${name}]`, amount));
  const seen = new Set<string>();
  for (const [index, { type, address }] of (status.addresses ?? []).entries()) {
    if (seen.has(`${type}/${address}`))
      errors.push(duplicate(`status.addresses[${index}]`, { Type: type, Address: address }));
    seen.add(`${type}/${address}`);
  }
  return errors;
}

/** What else holds for Nodes: their pods' ranges, their resources and addresses. */
export const nodeRules: LaterRules<Node> = {
  validate: (node) => [...validatePodCidrs(node.spec.podCIDRs ?? []), ...validateStatus(node)],
  validateStatusUpdate: validateStatus,
};
