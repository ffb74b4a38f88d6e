// Upstream: pkg/registry/certificates/certificates/strategy.go
import type { CertificateSigningRequest } from '#generated/types/certificates.v1.ts';
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
};
