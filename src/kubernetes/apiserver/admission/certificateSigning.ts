// Upstream: plugin/pkg/admission/certificates/signing/admission.go
import type { CertificateSigningRequest } from '#generated/types/certificates.v1.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { checkSigner } from '../access/signers.ts';
import type { AdmissionPlugin } from '../context.ts';

/** Only who may sign for a signer writes a certificate or a failure. */
export const certificateSigning: AdmissionPlugin = {
  name: 'CertificateSigning',
  handles: ({ kind, subresource }) =>
    kind.plural === 'certificatesigningrequests' && subresource === 'status',
  validate(object, request, context) {
    const next = object as CertificateSigningRequest;
    const old = request.old as CertificateSigningRequest;
    const isSame =
      next.status.certificate === old.status.certificate &&
      deepEqual(next.status.conditions, old.status.conditions);
    if (!isSame) checkSigner('sign', old.spec.signerName, request, context);
  },
};
