// Upstream: kubectl/pkg/describe/describe.go describeCertificateSigningRequest
import type { CertificateSigningRequest } from '#generated/types/certificates.v1.ts';
import { requestedCertificate } from '#kubernetes/api/certificates/certificateSigningRequest.ts';
import { humanDuration } from '#kubernetes/apimachinery/duration.ts';
import { eventsAbout, type Describer } from './describer.ts';
import { longTime, writeAnnotations, writeEvents, writeMap } from './fields.ts';

export const describeCertificateSigningRequest: Describer<CertificateSigningRequest> = {
  group: 'certificates.k8s.io',
  kind: 'CertificateSigningRequest',
  async describe(request, writer, context) {
    const { metadata, spec, status } = request;
    writer.line(0, `Name:\t${metadata.name}`);
    writeMap(writer, 'Labels', metadata.labels);
    writeAnnotations(writer, metadata);
    writer.line(0, `CreationTimestamp:\t${longTime(metadata.creationTimestamp)}`);
    writer.line(0, `Requesting User:\t${spec.username ?? ''}`);
    if (spec.signerName) writer.line(0, `Signer:\t${spec.signerName}`);
    if (spec.expirationSeconds !== undefined)
      writer.line(0, `Requested Duration:\t${humanDuration(spec.expirationSeconds * 1000)}`);
    const conditions = status?.conditions ?? [];
    const words = ['Denied', 'Approved'].filter((type) => conditions.some((one) => one.type === type));
    const failed = conditions.some(({ type }) => type === 'Failed') ? ',Failed' : '';
    const issued = status?.certificate ? ',Issued' : '';
    writer.line(0, `Status:\t${words[0] ?? 'Pending'}${failed}${issued}`);
    const asked = requestedCertificate(request);
    if (asked !== null) {
      writer.line(0, 'Subject:');
      writer.line(0, `\tCommon Name:\t${asked.subject.commonName}`);
      writer.line(0, `\tSerial Number:\t`);
      const organizations = asked.subject.organizations;
      if (organizations.length > 0) writer.line(0, `\tOrganization:\t${organizations[0]}`);
      for (const one of organizations.slice(1)) writer.line(0, `\t\t${one}`);
    }
    if (context.showEvents) writeEvents(writer, await eventsAbout(request, context), context.nowMs);
  },
};
