// Upstream: pkg/registry/certificates/certificates/strategy.go
import type {
  CertificateSigningRequest,
  CertificateSigningRequestCondition,
} from '#generated/types/certificates.v1.ts';
import { approvalTypes, conditionsOf } from '#kubernetes/api/certificates/certificateConditions.ts';
import { share } from '#kubernetes/apimachinery/structure.ts';
import type { Strategy } from '../context.ts';

/** A request remembers who sent it: whatever it says of that itself is overwritten. */
export const certificateSigningRequestStrategy: Strategy = {
  plural: 'certificatesigningrequests',
  group: 'certificates.k8s.io',
  beforeCreate(object, _context, { name, uid, groups, extra }) {
    const request = object as CertificateSigningRequest;
    const { username: _name, uid: _uid, groups: _groups, extra: _extra, ...spec } = request.spec;
    return {
      ...request,
      spec: { ...spec, username: name, ...(uid && { uid }), groups, ...(extra && { extra }) },
    } as CertificateSigningRequest;
  },
  beforeStatusUpdate(object, before, context, subresource) {
    const request = object as CertificateSigningRequest;
    const old = before as CertificateSigningRequest;
    const asked = request.status.conditions;
    const now = context.timestamp();
    const kept = subresource === 'approval' ? asked : asked && withDecisionsOf(old, asked);
    const conditions = kept?.map((condition) => timed(condition, old, now));
    const status = subresource === 'approval' ? old.status : request.status;
    const { conditions: _, ...rest } = status;
    return share({ ...request, status: conditions === undefined ? rest : { ...rest, conditions } }, object);
  },
};

/** Who writes the status leaves what was decided as it was; where decisions come or go, validation says so. */
function withDecisionsOf(
  old: CertificateSigningRequest,
  conditions: readonly CertificateSigningRequestCondition[],
): CertificateSigningRequestCondition[] {
  const left = new Map(
    approvalTypes
      .map((type) => [type, conditionsOf(old, type)] as const)
      .filter(
        ([type, decided]) =>
          decided.length === conditions.filter((condition) => condition.type === type).length,
      )
      .map(([type, decided]) => [type, [...decided]]),
  );
  return conditions.map((condition) => left.get(condition.type)?.shift() ?? condition);
}

/** The condition with the times that it does not say itself. */
function timed(
  condition: CertificateSigningRequestCondition,
  old: CertificateSigningRequest,
  now: string,
): CertificateSigningRequestCondition {
  const since = conditionsOf(old, condition.type).find(
    ({ status, lastTransitionTime }) => status === condition.status && lastTransitionTime,
  );
  return {
    ...condition,
    lastUpdateTime: condition.lastUpdateTime ?? now,
    lastTransitionTime: condition.lastTransitionTime ?? since?.lastTransitionTime ?? now,
  };
}
