// Upstream: cmd/kubeadm/app/phases/{uploadconfig,kubelet}, cmd/kubeadm/app/apis/kubeadm/v1beta4
import { configMaps } from '#kubernetes/api/core/configMap.ts';
import type { Client } from '#kubernetes/client/client.ts';
import { dnsAddress } from './addons.ts';

const namespace = 'kube-system';

/** `controlPlaneEndpoint` is the load balancer's, `''` where there is none. */
function clusterConfiguration(version: string, controlPlaneEndpoint: string): string {
  return `apiServer: {}
apiVersion: kubeadm.k8s.io/v1beta4
caCertificateValidityPeriod: 87600h0m0s
certificateValidityPeriod: 8760h0m0s
certificatesDir: /etc/kubernetes/pki
clusterName: kubernetes
${controlPlaneEndpoint && `controlPlaneEndpoint: ${controlPlaneEndpoint}\n`}controllerManager: {}
dns: {}
encryptionAlgorithm: RSA-2048
etcd:
  local:
    dataDir: /var/lib/etcd
imageRepository: registry.k8s.io
kind: ClusterConfiguration
kubernetesVersion: ${version}
networking:
  dnsDomain: cluster.local
  podSubnet: 10.244.0.0/16
  serviceSubnet: 10.96.0.0/12
proxy: {}
scheduler: {}
`;
}

const kubeletConfiguration = `apiVersion: kubelet.config.k8s.io/v1beta1
cgroupDriver: systemd
clusterDNS:
- ${dnsAddress}
clusterDomain: cluster.local
kind: KubeletConfiguration
rotateCertificates: true
staticPodPath: /etc/kubernetes/manifests
`;

/** The configuration that kubeadm keeps in the cluster, for who upgrades it. */
export function installKubeadmConfig(client: Client, version: string, controlPlaneEndpoint: string): void {
  const data = { ClusterConfiguration: clusterConfiguration(version, controlPlaneEndpoint) };
  client.create(configMaps, { metadata: { name: 'kubeadm-config', namespace }, data });
  const metadata = { name: 'kubelet-config', namespace };
  client.create(configMaps, { metadata, data: { kubelet: kubeletConfiguration } });
}
