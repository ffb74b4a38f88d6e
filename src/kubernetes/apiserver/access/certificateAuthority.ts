// Upstream: apiserver/pkg/authentication/request/x509/x509.go, pkg/controller/certificates/authority/authority.go
import { readPem, writePem } from '#kubernetes/api/pem.ts';
import type { UserInfo } from '#kubernetes/api/request.ts';
import {
  isSignedBy,
  placeholderKey,
  readCertificate,
  type Subject,
  writeCertificate,
} from '#kubernetes/api/x509.ts';
import { hex, sha256Bytes } from '#kubernetes/apimachinery/sha256.ts';
import type { Simulation } from '#sim/simulation.ts';

/** As kubeadm calls the authority of a cluster. */
const issuer = 'kubernetes';
/** Certificates are good a little into the past, for clocks that differ. Upstream: backdate */
const backdateMs = 5 * 60_000;
/** Certificates that are remembered; past that it begins anew. */
const knownMax = 100;
const yearMs = 365 * 24 * 3_600_000;

/** The cluster's authority: it signs certificates and knows its own again. */
export class CertificateAuthority {
  readonly #simulation: Simulation;
  readonly #key: Uint8Array;
  /** Certificates that were read already; a client shows the same one with every request. */
  readonly #known = new Map<string, Known | null>();

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    const random = simulation.random('certificate-authority-key');
    this.#key = Uint8Array.from({ length: 32 }, () => random.below(256));
  }

  /** A certificate in PEM. `publicKey` is a SubjectPublicKeyInfo in DER. */
  issue(subject: Subject, lifetimeMs = yearMs, publicKey: ArrayLike<number> = placeholderKey()): string {
    const { nowMs } = this.#simulation;
    const random = this.#simulation.random('certificate-serials');
    const der = writeCertificate(
      {
        subject,
        issuer,
        serial: [1 + random.below(127), ...Array.from({ length: 7 }, () => random.below(256))],
        notBeforeMs: nowMs - backdateMs,
        notAfterMs: nowMs + lifetimeMs,
        publicKey,
      },
      this.#key,
    );
    return writePem('CERTIFICATE', der);
  }

  /** Who a certificate makes its bearer, or null when this authority did not sign it or its time is over. */
  authenticate(pem: string): UserInfo | null {
    let known = this.#known.get(pem);
    if (known === undefined) {
      known = this.#read(pem);
      if (this.#known.size >= knownMax) this.#known.clear();
      this.#known.set(pem, known);
    }
    const { nowMs } = this.#simulation;
    return known === null || nowMs < known.notBeforeMs || nowMs > known.notAfterMs ? null : known.user;
  }

  #read(pem: string): Known | null {
    const der = readPem('CERTIFICATE', pem);
    if (der === undefined) return null;
    try {
      const certificate = readCertificate(der);
      if (!isSignedBy(certificate, this.#key)) return null;
      const { subject, notBeforeMs, notAfterMs } = certificate;
      const user = {
        name: subject.commonName,
        groups: [...subject.organizations, 'system:authenticated'],
        extra: {
          'authentication.kubernetes.io/credential-id': [`X509SHA256=${hex(sha256Bytes(der)).toLowerCase()}`],
        },
      };
      return { user, notBeforeMs, notAfterMs };
    } catch (error) {
      if (error instanceof RangeError || error instanceof TypeError) return null;
      throw error;
    }
  }
}

interface Known {
  readonly user: UserInfo;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}
