import { writePem } from '../pem.ts';
import { placeholderKey, writeCertificate } from '../x509.ts';

/** A certificate of that name in PEM, signed by nobody that counts. */
export function certificateOf(commonName: string): string {
  const parts = {
    subject: { commonName, organizations: [] },
    issuer: 'kubernetes',
    serial: [1],
    notBeforeMs: 0,
    notAfterMs: 1e9,
    publicKey: placeholderKey(),
  };
  return writePem('CERTIFICATE', writeCertificate(parts, new Uint8Array(1)));
}
