// Upstream: pkg/controlplane/controller/crdregistration/crdregistration_controller.go, kube-aggregator/pkg/controllers/autoregister
import { apiServices } from '#kubernetes/api/apiregistration/apiService.ts';
import { pathOf } from '#kubernetes/api/kind.ts';
import type { UserInfo } from '#kubernetes/api/request.ts';
import type { ApiServer } from '../server.ts';

const managed = 'kube-aggregator.kubernetes.io/automanaged';
/** Custom resources come after every built-in group, and their versions are alike. */
const groupPriorityMinimum = 1000;
const versionPriority = 100;

/** Makes the APIService of a custom group's version while a definition serves it, and takes it away afterwards. */
export function syncApiService(
  server: ApiServer,
  user: UserInfo,
  { group, version }: { readonly group: string; readonly version: string },
): void {
  // A server alone may not serve the kind.
  if (server.kinds.findKind('apiregistration.k8s.io/v1', apiServices.kind) === undefined) return;
  const isServed = server.kinds.all.some(
    (kind) => kind.custom !== undefined && kind.group === group && kind.version === version,
  );
  const name = `${version}.${group}`;
  const present = server.storage.get(apiServices, '', name);
  if (isServed && present === undefined) {
    const body = {
      metadata: { name, labels: { [managed]: 'true' } },
      spec: { group, version, groupPriorityMinimum, versionPriority },
    };
    server.handle({ method: 'POST', path: pathOf(apiServices, undefined), body, user, inProcess: true });
  } else if (!isServed && present?.metadata.labels?.[managed] === 'true') {
    server.handle({ method: 'DELETE', path: pathOf(apiServices, undefined, name), user, inProcess: true });
  }
}
