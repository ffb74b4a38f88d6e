import { expect, test } from 'vitest';
import { builtInKinds } from '#kubernetes/api/registry.ts';
import { unsimulatedHint } from './unsimulatedKinds.ts';

test.each([
  ['certificatesigningrequests', 'CertificateSigningRequest'],
  ['CertificateSigningRequest', 'CertificateSigningRequest'],
  ['certificatesigningrequest', 'CertificateSigningRequest'],
  ['csr', 'CertificateSigningRequest'],
])('%s is said to be missing here', (type, kind) => {
  expect(unsimulatedHint(type)).toBe(`\nhint: Podarium does not simulate ${kind} yet`);
});

test('what no cluster has earns no hint, and neither does what is simulated', () => {
  expect(unsimulatedHint('nothings')).toBe('');
  for (const { kind, plural, shortNames } of builtInKinds.all) {
    for (const name of [kind, plural, ...shortNames]) expect(unsimulatedHint(name), name).toBe('');
  }
});
