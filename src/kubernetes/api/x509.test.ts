import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { readPem, writePem } from './pem.ts';
import { isSignedBy, placeholderKey, readCertificate, writeCertificate } from './x509.ts';

const key = Uint8Array.from({ length: 32 }, (_, i) => i);
const parts = {
  subject: { commonName: 'jane', organizations: ['dev', 'späte'] },
  issuer: 'kubernetes',
  serial: [1, 2, 3],
  notBeforeMs: Date.UTC(2026, 0, 5, 9),
  notAfterMs: Date.UTC(2027, 0, 5, 9),
  publicKey: placeholderKey(),
};

test('a certificate says what was written, and is signed by its authority alone', () => {
  const der = writeCertificate(parts, key);
  const read = readCertificate(der);
  expect(read.subject).toEqual(parts.subject);
  expect([read.notBeforeMs, read.notAfterMs]).toEqual([parts.notBeforeMs, parts.notAfterMs]);
  expect(isSignedBy(read, key)).toBe(true);
  expect(
    isSignedBy(
      read,
      key.map((byte) => byte + 1),
    ),
  ).toBe(false);
});

test('Node reads the same of it', () => {
  const pem = writePem('CERTIFICATE', writeCertificate(parts, key));
  const { subject, issuer, validTo, serialNumber } = new X509Certificate(pem);
  expect([subject, issuer, validTo, serialNumber]).toEqual([
    'O=dev\nO=späte\nCN=jane',
    'CN=kubernetes',
    'Jan  5 09:00:00 2027 GMT',
    '010203',
  ]);
  expect(readPem('CERTIFICATE', `text before\n${pem}`)).toEqual(writeCertificate(parts, key));
});

test.each([[[]], [[0x30]], [[0x30, 5, 1]], [[0x30, 0x85, 1, 1, 1, 1, 1]]])(
  '%j is no certificate',
  (bytes) => {
    expect(() => readCertificate(Uint8Array.from(bytes))).toThrow();
  },
);
