// Upstream: cmd/kubeadm/app/phases/upgrade/versiongetter.go, cmd/kubeadm/app/util/image
import type { Node, Pod } from '#generated/types/core.v1.ts';
import { configMaps } from '#kubernetes/api/core/configMap.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { deployments } from '#kubernetes/api/apps/deployment.ts';
import type { Client } from '#kubernetes/client/client.ts';

export const systemNamespace = 'kube-system';
const controlPlaneLabel = 'node-role.kubernetes.io/control-plane';

/** The tag of a reference: `v1.36.0`. */
export function tagOf(image: string | undefined): string {
  return /:([^/:@]+)(@|$)/.exec(image ?? '')?.[1] ?? '';
}

/** The mirrors of a component's static pods, by name. */
export function podsOf(client: Client, component: string): readonly Pod[] {
  const labelSelector = `component=${component},tier=control-plane`;
  return client.list(pods, { namespace: systemNamespace, labelSelector }).items;
}

export function controlPlaneNodes(client: Client): readonly Node[] {
  return client.list(nodes, { labelSelector: controlPlaneLabel }).items;
}

/** What the server that answers says it is. */
export function serverVersion(client: Client): string {
  return (client.send({ method: 'GET', path: '/version' }).body as { gitVersion: string }).gitVersion;
}

export function kubeletVersions(client: Client): readonly (readonly [node: string, version: string])[] {
  return client
    .list(nodes)
    .items.map(({ metadata, status }) => [metadata.name, status.nodeInfo!.kubeletVersion] as const);
}

/** The `kubernetesVersion` of the configuration that was uploaded last. */
export function configuredVersion(client: Client): string {
  const { data = {} } = client.get(configMaps, systemNamespace, 'kubeadm-config');
  return /^kubernetesVersion: (\S+)$/m.exec(data['ClusterConfiguration'] ?? '')?.[1] ?? '';
}

export function corednsTag(client: Client): string {
  const { spec } = client.get(deployments, systemNamespace, 'coredns');
  return tagOf(spec.template.spec?.containers[0]?.image);
}
