import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import forge from 'node-forge';

/** A certificate and its key, both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** What one run of the bridge trusts and shows: made at its start, gone with it. */
export interface Certificates {
  /** The authority's certificate, PEM. */
  readonly authority: string;
  readonly server: KeyPair;
  readonly client: KeyPair;
}

const keyBits = 2048;
const validDays = 365;

/** Names under which the API server is known inside a cluster, as kubeadm writes them into its certificate. */
const serverNames = [
  'localhost',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
];

interface Subject {
  readonly commonName: string;
  readonly organizations?: readonly string[];
}

/**
 * Makes an authority, a server certificate for `hosts` (names or addresses) and the client certificate of `user`,
 * whose groups are its organizations, as Kubernetes reads them.
 */
export function makeCertificates(
  hosts: readonly string[],
  user: { readonly name: string; readonly groups: readonly string[] },
): Certificates {
  const authority = makeKeys();
  const authoritySubject: Subject = { commonName: 'kubernetes' };
  const issue = (keys: forge.pki.rsa.KeyPair, subject: Subject, extensions: object[]): KeyPair => {
    const certificate = forge.pki.createCertificate();
    certificate.publicKey = keys.publicKey;
    // A positive number without a leading zero, as DER wants it.
    certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
    const nowMs = Date.now();
    certificate.validity.notBefore = new Date(nowMs - 3_600_000);
    certificate.validity.notAfter = new Date(nowMs + validDays * 24 * 3_600_000);
    certificate.setSubject(attributes(subject));
    certificate.setIssuer(attributes(authoritySubject));
    certificate.setExtensions(extensions);
    certificate.sign(authority.privateKey, forge.md.sha256.create());
    return {
      certificate: forge.pki.certificateToPem(certificate),
      key: forge.pki.privateKeyToPem(keys.privateKey),
    };
  };
  const usage = { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true };
  const { certificate } = issue(authority, authoritySubject, [
    { name: 'basicConstraints', critical: true, cA: true },
    { name: 'keyUsage', critical: true, keyCertSign: true, digitalSignature: true },
  ]);
  return {
    authority: certificate,
    server: issue(makeKeys(), { commonName: 'kube-apiserver' }, [
      usage,
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [...new Set([...serverNames, ...hosts])].map(alternativeName) },
    ]),
    client: issue(makeKeys(), { commonName: user.name, organizations: user.groups }, [
      usage,
      { name: 'extKeyUsage', clientAuth: true },
    ]),
  };
}

/** Node makes keys in milliseconds that the library alone would search for in seconds. */
function makeKeys(): forge.pki.rsa.KeyPair {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: keyBits,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const key = forge.pki.privateKeyFromPem(privateKey);
  return { privateKey: key, publicKey: forge.pki.setRsaPublicKey(key.n, key.e) };
}

function attributes({ commonName, organizations = [] }: Subject): forge.pki.CertificateField[] {
  return [
    ...organizations.map((value) => ({ name: 'organizationName', value })),
    { name: 'commonName', value: commonName },
  ];
}

function alternativeName(host: string): object {
  return isIP(host) === 0 ? { type: 2, value: host } : { type: 7, ip: host };
}
