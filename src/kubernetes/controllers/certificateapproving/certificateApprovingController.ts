// Upstream: pkg/controller/certificates/approver/sarapprove.go
import type { SubjectAccessReview } from '#generated/types/authorization.v1.ts';
import type { CertificateSigningRequest } from '#generated/types/certificates.v1.ts';
import { subjectAccessReviews } from '#kubernetes/api/authorization/reviews.ts';
import {
  certificateSigningRequests,
  hasDecision,
  requestedCertificate,
} from '#kubernetes/api/certificates/certificateSigningRequest.ts';
import { pathOf } from '#kubernetes/api/kind.ts';
import { WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Controller } from '../controller.ts';

const workers = 5;
const kubeletUsages = ['client auth', 'digital signature', 'key encipherment'];

/** Approves the client certificates of kubelets, for whoever may ask for those. */
export const certificateApprovingController: Controller = {
  name: 'certificatesigningrequest-approving-controller',
  account: 'certificate-controller',
  start({ simulation, client, informers }) {
    const requests = informers.of(certificateSigningRequests);
    const queue = new WorkQueue({ simulation, client, workers, reconcile: syncRequest });
    requests.onChange((now) => {
      if (now !== undefined) queue.add(now.metadata.name);
    });

    function syncRequest(name: string): void {
      const request = requests.get(name);
      if (request === undefined || request.status.certificate) return;
      if (hasDecision(request, 'Approved') || hasDecision(request, 'Denied')) return;
      const commonName = kubeletName(request);
      if (commonName === null) return;
      const isSelf = request.spec.username === commonName;
      for (const subresource of isSelf ? ['selfnodeclient', 'nodeclient'] : ['nodeclient']) {
        if (!mayAsk(request, subresource)) continue;
        const self = subresource === 'selfnodeclient' ? 'self ' : '';
        const condition = {
          type: 'Approved',
          status: 'True',
          reason: 'AutoApproved',
          message: `Auto approving ${self}kubelet client certificate after SubjectAccessReview.`,
        };
        const conditions = [...(request.status.conditions ?? []), condition];
        const approved = { ...request, status: { ...request.status, conditions } };
        client.subresource(certificateSigningRequests, '', name, 'approval', approved, 'PUT');
        return;
      }
    }

    function mayAsk({ spec }: CertificateSigningRequest, subresource: string): boolean {
      const resourceAttributes = {
        group: 'certificates.k8s.io',
        resource: 'certificatesigningrequests',
        verb: 'create',
        subresource,
      };
      const { username: user = '', groups = [], uid, extra } = spec;
      const asked = { user, groups, ...(uid && { uid }), ...(extra && { extra }), resourceAttributes };
      const body = {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        metadata: {},
        spec: asked,
      };
      const response = client.send({ method: 'POST', path: pathOf(subjectAccessReviews, ''), body });
      return response.status < 400 && (response.body as SubjectAccessReview).status.allowed;
    }
    return () => queue.stop();
  },
};

/** The user that a request for a kubelet's client certificate names, or null for any other request. */
function kubeletName(request: CertificateSigningRequest): string | null {
  const { signerName, usages = [] } = request.spec;
  if (signerName !== 'kubernetes.io/kube-apiserver-client-kubelet') return null;
  const subject = requestedCertificate(request)?.subject;
  const isGood =
    subject?.organizations.join() === 'system:nodes' &&
    subject.commonName.startsWith('system:node:') &&
    usages.includes('client auth') &&
    usages.includes('digital signature') &&
    usages.every((usage) => kubeletUsages.includes(usage));
  return isGood ? subject.commonName : null;
}
