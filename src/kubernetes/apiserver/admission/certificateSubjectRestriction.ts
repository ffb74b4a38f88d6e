// Upstream: plugin/pkg/admission/certificates/subjectrestriction/admission.go
import type { CertificateSigningRequest } from '#generated/types/certificates.v1.ts';
import { requestedCertificate } from '#kubernetes/api/certificates/certificateSigningRequest.ts';
import { forbiddenRequest } from '../access/signers.ts';
import type { AdmissionPlugin } from '../context.ts';

/** Nobody asks for a certificate of the group that may do everything. */
export const certificateSubjectRestriction: AdmissionPlugin = {
  name: 'CertificateSubjectRestriction',
  handles: ({ operation, kind }) => operation === 'CREATE' && kind.plural === 'certificatesigningrequests',
  validate(object, request) {
    const { spec } = object as CertificateSigningRequest;
    const signer = 'kubernetes.io/kube-apiserver-client';
    if (spec.signerName !== signer) return;
    const asked = requestedCertificate(object as CertificateSigningRequest);
    if (asked?.subject.organizations.includes('system:masters'))
      throw forbiddenRequest(request, `use of ${signer} signer with system:masters group is not allowed`);
  },
};
