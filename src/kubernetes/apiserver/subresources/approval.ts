// Upstream: pkg/registry/certificates/certificates/{storage/storage.go ApprovalREST,strategy.go}, plugin/pkg/admission/certificates/approval
import type {
  CertificateSigningRequest,
  CertificateSigningRequestCondition,
} from '#generated/types/certificates.v1.ts';
import { hasDecision } from '#kubernetes/api/certificates/certificateSigningRequest.ts';
import { forbidden } from '#kubernetes/apimachinery/fieldErrors.ts';
import { applyMergePatch } from '#kubernetes/apimachinery/mergePatch.ts';
import { conflict, invalid } from '#kubernetes/apimachinery/statusError.ts';
import { checkSigner } from '../access/signers.ts';
import type { Call, ServerContext } from '../context.ts';
import { decodeBody } from '../decode.ts';
import { modifiedSince } from '../storage.ts';
import type { Subresource } from './subresource.ts';

const decided = ['Approved', 'Denied'];

/** GET, PUT and PATCH of certificatesigningrequests/NAME/approval: only who approved or denied it changes. */
export const approval: Subresource = {
  serves: ({ info }) => info.resource === 'certificatesigningrequests' && info.subresource === 'approval',
  serve(call, context) {
    const { request, info, stored } = call;
    const old = context.storage.read(stored, '', info.name) as CertificateSigningRequest;
    if (request.method === 'GET') return { status: 200, body: old };
    const asked = askedRequest(call, old);
    const wanted = asked.metadata.resourceVersion;
    if (wanted && wanted !== old.metadata.resourceVersion)
      throw conflict(stored.group, stored.plural, info.name, modifiedSince);
    checkSigner(
      'approve',
      old.spec.signerName,
      { user: request.user, kind: stored, name: info.name },
      context,
    );
    const next = withConditions(old, asked, context);
    check(next, old, call);
    return { status: 200, body: next === old ? old : context.storage.put(stored, next, old) };
  },
};

function askedRequest(call: Call, old: CertificateSigningRequest): CertificateSigningRequest {
  if (call.request.method === 'PUT') return decodeBody(call) as CertificateSigningRequest;
  return applyMergePatch(old, call.request.body);
}

function withConditions(
  old: CertificateSigningRequest,
  { status }: CertificateSigningRequest,
  context: ServerContext,
): CertificateSigningRequest {
  const others = (old.status.conditions ?? []).filter(({ type }) => !decided.includes(type));
  const now = context.timestamp();
  const conditions = (status.conditions ?? [])
    .filter(({ type }) => decided.includes(type))
    .map((condition): CertificateSigningRequestCondition => {
      const before = old.status.conditions?.find(({ type }) => type === condition.type);
      const since = before?.status === condition.status ? before.lastTransitionTime : undefined;
      return {
        ...condition,
        lastUpdateTime: condition.lastUpdateTime ?? now,
        lastTransitionTime: condition.lastTransitionTime ?? since ?? now,
      };
    });
  return { ...old, status: { ...old.status, conditions: [...others, ...conditions] } };
}

function check(next: CertificateSigningRequest, old: CertificateSigningRequest, { stored }: Call): void {
  const errors = decided
    .filter((type) => hasDecision(old, type) && !hasDecision(next, type))
    .map((type) => forbidden('status.conditions', `updates may not remove a condition of type "${type}"`));
  if (hasDecision(next, 'Approved') && hasDecision(next, 'Denied'))
    errors.push(forbidden('status.conditions', 'Approved and Denied conditions are mutually exclusive'));
  if (errors.length > 0) throw invalid(stored.group, stored.kind, next.metadata.name, errors);
}
