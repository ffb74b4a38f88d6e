import { Client } from '#kubernetes/client/client.ts';
import type { Host } from '#kubernetes/kubeadm/host.ts';
import { toYaml } from '#kubernetes/apimachinery/yamlText.ts';
import { parseImageReference } from '#world/machine/image.ts';
import type { Cluster } from '../cluster.ts';
import { releases } from '../releases.ts';
import { staticPod } from '../staticPods.ts';
import { nodeUser } from '../users.ts';
import type { Packages } from './packages.ts';

const administrator = {
  name: 'kubernetes-admin',
  groups: ['kubeadm:cluster-admins', 'system:authenticated'],
};

/** What kubeadm finds on a node. */
export function kubeadmHost(cluster: Cluster, node: string, packages: Packages): Host {
  const kubelet = cluster.nodes.kubelets.get(node)!;
  const isControlPlane = cluster.controlPlanes.some(({ name }) => name === node);
  const user = isControlPlane ? administrator : nodeUser(node);
  return {
    node,
    version: () => packages.versionOf('kubeadm'),
    client: new Client((request) => cluster.route(node).handle(request, node), user, 'kubeadm'),
    endpoint: cluster.serverUrl.replace('https://', ''),
    releases,
    manifest: (component, version) => manifestText(component, version),
    pull(image, done) {
      kubelet.images.pull(parseImageReference(image)!, [], (result) =>
        done(result.image === null ? result.error : null),
      );
    },
  };
}

/** A component's manifest as kubeadm writes it. */
export function manifestText(component: string, version: string): string {
  return toYaml({ apiVersion: 'v1', kind: 'Pod', ...staticPod(component, version) });
}
