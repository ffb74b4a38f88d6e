// Upstream: pkg/controller/certificates/signer/signer.go
import type { CertificateSigningRequest } from '#generated/types/certificates.v1.ts';
import { encodeBase64 } from '#kubernetes/api/base64.ts';
import {
  certificateSigningRequests,
  hasDecision,
  requestedCertificate,
} from '#kubernetes/api/certificates/certificateSigningRequest.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import { WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Controller } from '../controller.ts';

/** Upstream: --concurrent-csr-approving-syncs and the like start it with five workers. */
const workers = 5;
/** Upstream: --cluster-signing-duration */
const lifetimeMs = 365 * 24 * 3_600_000;

interface Rules {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Why the subject is not one of this signer's, or null. */
  refuse?(request: CertificateSigningRequest, subject: Subject): string | null;
}

interface Subject {
  readonly commonName: string;
  readonly organizations: readonly string[];
}

const forNodes = ({ commonName, organizations }: Subject): string | null => {
  if (organizations.join() !== 'system:nodes') return 'subject organization is not system:nodes';
  return commonName.startsWith('system:node:')
    ? null
    : 'subject common name does not begin with system:node:';
};
const keyUsages = ['digital signature', 'key encipherment'];

/** What each signer signs. Upstream: isKubeletServing, isKubeletClient, isKubeAPIServerClient */
const signers: Readonly<Record<string, Rules>> = {
  'kubernetes.io/kube-apiserver-client': { required: ['client auth'], optional: keyUsages },
  'kubernetes.io/kube-apiserver-client-kubelet': {
    required: ['client auth', 'digital signature'],
    optional: keyUsages,
    refuse: (_request, subject) => forNodes(subject),
  },
  'kubernetes.io/kubelet-serving': {
    required: ['server auth', 'digital signature'],
    optional: keyUsages,
    refuse: ({ spec }, subject) =>
      spec.username === subject.commonName
        ? forNodes(subject)
        : 'requested CN does not match requesting user',
  },
};

/** Issues certificates for requests that were approved and are for one of the cluster's own signers. */
export const certificateSigningController: Controller = {
  name: 'certificatesigningrequest-signing-controller',
  account: 'certificate-controller',
  start({ simulation, client, informers, signing }) {
    const requests = informers.of(certificateSigningRequests);
    const queue = new WorkQueue({ simulation, client, workers, reconcile: syncRequest });
    requests.onChange((now) => {
      if (now !== undefined) queue.add(now.metadata.name);
    });

    function syncRequest(name: string): void {
      const request = requests.get(name);
      const rules = signers[request?.spec.signerName ?? ''];
      if (request === undefined || rules === undefined || request.status.certificate) return;
      if (
        !hasDecision(request, 'Approved') ||
        hasDecision(request, 'Denied') ||
        hasDecision(request, 'Failed')
      )
        return;
      const asked = requestedCertificate(request);
      const why = asked === null ? 'unable to parse request' : refusal(request, asked.subject, rules);
      if (why !== null) return fail(request, why);
      const { expirationSeconds } = request.spec;
      const wantedMs = expirationSeconds === undefined ? lifetimeMs : expirationSeconds * 1000;
      const pem = signing.certificate(asked!.subject, Math.min(wantedMs, lifetimeMs), asked!.publicKey);
      const status = { ...request.status, certificate: encodeBase64(pem) };
      client.updateStatus(certificateSigningRequests, { ...request, status });
    }

    function fail(request: CertificateSigningRequest, message: string): void {
      const now = formatTime(simulation.nowMs);
      const condition = {
        type: 'Failed',
        status: 'True',
        reason: 'SignerValidationFailure',
        message,
        lastUpdateTime: now,
        lastTransitionTime: now,
      };
      const conditions = [...(request.status.conditions ?? []), condition];
      client.updateStatus(certificateSigningRequests, {
        ...request,
        status: { ...request.status, conditions },
      });
    }
    return () => queue.stop();
  },
};

function refusal(request: CertificateSigningRequest, subject: Subject, rules: Rules): string | null {
  const usages: readonly string[] = request.spec.usages ?? [];
  const known = [...rules.required, ...rules.optional];
  const isGood =
    rules.required.every((usage) => usages.includes(usage)) && usages.every((usage) => known.includes(usage));
  if (!isGood) return `invalid usages for client certificate: ${JSON.stringify(usages)}`;
  return rules.refuse?.(request, subject) ?? null;
}
