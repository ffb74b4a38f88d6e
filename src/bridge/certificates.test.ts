import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeCertificates } from './certificates.ts';

test('certificates name their hosts and their user, and are signed by the authority', () => {
  const user = { name: 'kubernetes-admin', groups: ['kubeadm:cluster-admins', 'more'] };
  const { authority, server, client } = makeCertificates(['127.0.0.1', 'example.com'], user);
  const root = new X509Certificate(authority);
  const [forServer, forClient] = [server, client].map(({ certificate }) => new X509Certificate(certificate));
  expect(forServer!.verify(root.publicKey) && forClient!.verify(root.publicKey)).toBe(true);
  expect(forServer!.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(forServer!.checkHost('kubernetes.default.svc')).toBe('kubernetes.default.svc');
  expect(forServer!.checkHost('example.com')).toBe('example.com');
  // A first byte that DER takes as it is, whatever is drawn after it.
  expect(forServer!.serialNumber).toMatch(/^01/);
  expect(forClient!.subject).toBe('O=kubeadm:cluster-admins\nO=more\nCN=kubernetes-admin');
});
