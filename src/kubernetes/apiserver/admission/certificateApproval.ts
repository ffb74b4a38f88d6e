// Upstream: plugin/pkg/admission/certificates/approval/admission.go
import type { CertificateSigningRequest } from '#generated/types/certificates.v1.ts';
import { checkSigner } from '../access/signers.ts';
import type { AdmissionPlugin } from '../context.ts';

/** Only who may approve for a signer says yes or no to a request. */
export const certificateApproval: AdmissionPlugin = {
  name: 'CertificateApproval',
  handles: ({ kind, subresource }) =>
    kind.plural === 'certificatesigningrequests' && subresource === 'approval',
  validate(_object, request, context) {
    const { spec } = request.old as CertificateSigningRequest;
    checkSigner('approve', spec.signerName, request, context);
  },
};
