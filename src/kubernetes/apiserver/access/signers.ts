// Upstream: plugin/pkg/admission/certificates/util.go
import { qualifiedResource, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { AdmissionRequest, ServerContext } from '../context.ts';

type Subject = Pick<AdmissionRequest, 'user' | 'kind' | 'name'>;

/** The 403 of a write that has to do with certificates. */
export function forbiddenRequest({ kind, name }: Subject, why: string): StatusError {
  return new StatusError(
    'Forbidden',
    `${qualifiedResource(kind.group, kind.plural)} ${JSON.stringify(name)} is forbidden: ${why}`,
    { name, group: kind.group, kind: kind.plural },
  );
}

/** Throws Forbidden where a user may not approve or sign for a signer, by its name or for all of its domain. */
export function checkSigner(
  verb: 'approve' | 'sign',
  signer: string,
  subject: Subject,
  { access }: ServerContext,
): void {
  if (access === null) return;
  const names = [signer, `${signer.split('/')[0]}/*`];
  const group = 'certificates.k8s.io';
  const asked = { user: subject.user, verb, group, resource: 'signers', subresource: '', namespace: '' };
  if (names.some((name) => access.authorize({ ...asked, name, path: '', fieldSelector: '' }).allowed)) return;
  throw forbiddenRequest(subject, `user not permitted to ${verb} requests with signerName "${signer}"`);
}
