// Upstream: cmd/kubeadm/app/phases/uploadconfig, cmd/kubeadm/app/phases/kubelet/config.go
import { configMaps } from '#kubernetes/api/core/configMap.ts';
import type { Client } from '#kubernetes/client/client.ts';
import { systemNamespace } from './cluster.ts';
import type { Print } from './printer.ts';

/** Stores what the cluster is now in the ConfigMaps that other nodes read. */
export async function uploadConfig(print: Print, client: Client, version: string): Promise<void> {
  await print(
    '[upload-config] Storing the configuration used in ConfigMap "kubeadm-config" in the "kube-system" Namespace',
  );
  const config = client.get(configMaps, systemNamespace, 'kubeadm-config');
  const text = config.data?.['ClusterConfiguration'] ?? '';
  const ClusterConfiguration = text.replace(/^kubernetesVersion: .*$/m, `kubernetesVersion: ${version}`);
  client.update(configMaps, { ...config, data: { ...config.data, ClusterConfiguration } });
  await print(
    '[kubelet] Creating a ConfigMap "kubelet-config" in namespace kube-system with the configuration for the kubelets in the cluster',
  );
}
