// Upstream: pkg/controller/certificates/cleaner/cleaner.go
import type { CertificateSigningRequest } from '#generated/types/certificates.v1.ts';
import { decodeBase64 } from '#kubernetes/api/base64.ts';
import { certificateSigningRequests } from '#kubernetes/api/certificates/certificateSigningRequest.ts';
import { readPem } from '#kubernetes/api/pem.ts';
import { readCertificate } from '#kubernetes/api/x509.ts';
import { parseTime } from '#kubernetes/apimachinery/time.ts';
import type { Controller } from '../controller.ts';
import { attemptAll } from '../podControl.ts';

const hourMs = 3_600_000;
/** Upstream: pollingInterval */
const periodMs = hourMs;
/** How long a request is kept, by what became of it; one that nobody decided on, since it was made. */
const keptMs: Readonly<Record<string, number>> = { Approved: hourMs, Denied: hourMs, Failed: hourMs };
const pendingMs = 24 * hourMs;

/** Removes requests for certificates that are over and done with, or that nobody cared for. */
export const certificateCleanerController: Controller = {
  name: 'certificatesigningrequest-cleaner-controller',
  account: 'certificate-controller',
  start({ simulation, client, informers }) {
    const requests = informers.of(certificateSigningRequests);
    return simulation.every(periodMs, 'certificatesigningrequest-cleaner-controller', () => {
      const over = [...requests.list()].filter((request) => isOver(request, simulation.nowMs));
      attemptAll(over, ({ metadata }) => client.delete(certificateSigningRequests, '', metadata.name));
    });
  },
};

function isOver({ metadata, status }: CertificateSigningRequest, nowMs: number): boolean {
  const { conditions = [], certificate } = status;
  const isOlder = (time: string | undefined, ms: number) =>
    time !== undefined && nowMs - parseTime(time) > ms;
  if (conditions.length === 0) return isOlder(metadata.creationTimestamp, pendingMs);
  return conditions.some(({ type, lastUpdateTime }) => {
    // What was approved stays until its certificate is there.
    if (type === 'Approved' && certificate === undefined) return false;
    if (type === 'Approved' && hasExpired(certificate!, nowMs)) return true;
    return isOlder(lastUpdateTime, keptMs[type] ?? Infinity);
  });
}

/** What is no certificate does not end. */
function hasExpired(certificate: string, nowMs: number): boolean {
  const der = readPem('CERTIFICATE', String.fromCharCode(...(decodeBase64(certificate) ?? [])));
  if (der === undefined) return false;
  try {
    return nowMs > readCertificate(der).notAfterMs;
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return false;
    throw error;
  }
}
