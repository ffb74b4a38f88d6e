// Upstream: apimachinery/pkg/util/proxy/upgradeaware.go
import { badRequest, type StatusError } from '#kubernetes/apimachinery/statusError.ts';

/** Subresources that leave HTTP for a protocol of their own. */
const upgrades = /\/(exec|attach|portforward)$/;

/** What a client hears that asks for such a subresource and does not leave HTTP; null for any other path. */
export function upgradeRequired(path: string): StatusError | null {
  return upgrades.test(path) ? badRequest('Upgrade request required') : null;
}
