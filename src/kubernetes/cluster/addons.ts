// Upstream: cmd/kubeadm/app/phases/addons/{dns,proxy}
import type { DaemonSet, Deployment } from '#generated/types/apps.v1.ts';
import { daemonSets } from '#kubernetes/api/apps/daemonSet.ts';
import { deployments } from '#kubernetes/api/apps/deployment.ts';
import { configMaps } from '#kubernetes/api/core/configMap.ts';
import { serviceAccounts } from '#kubernetes/api/core/serviceAccount.ts';
import { services } from '#kubernetes/api/core/service.ts';
import type { New } from '#kubernetes/api/object.ts';
import type { Client } from '#kubernetes/client/client.ts';
import { controlPlane } from './controlPlane.ts';
import { releaseOf } from './releases.ts';

const namespace = 'kube-system';
const labels = { 'k8s-app': 'kube-dns' };
/** The tenth address of the service CIDR, as kubeadm takes it. */
export const dnsAddress = '10.96.0.10';

const corefile = `.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30
    loop
    reload
    loadbalance
}
`;

/** `tag` is the image's. */
const coredns = (tag: string): New<Deployment> => ({
  metadata: { name: 'coredns', namespace, labels },
  spec: {
    replicas: 2,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        priorityClassName: 'system-cluster-critical',
        serviceAccountName: 'coredns',
        dnsPolicy: 'Default',
        nodeSelector: { 'kubernetes.io/os': 'linux' },
        tolerations: [
          { key: 'CriticalAddonsOnly', operator: 'Exists' },
          { key: controlPlane.role, effect: 'NoSchedule' },
        ],
        containers: [
          {
            name: 'coredns',
            image: `registry.k8s.io/coredns/coredns:${tag}`,
            imagePullPolicy: 'IfNotPresent',
            args: ['-conf', '/etc/coredns/Corefile'],
            resources: { limits: { memory: '170Mi' }, requests: { cpu: '100m', memory: '70Mi' } },
            ports: [
              { name: 'dns', containerPort: 53, protocol: 'UDP' },
              { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
              { name: 'metrics', containerPort: 9153, protocol: 'TCP' },
            ],
            livenessProbe: {
              httpGet: { path: '/health', port: 8080, scheme: 'HTTP' },
              initialDelaySeconds: 60,
              timeoutSeconds: 5,
              failureThreshold: 5,
            },
            readinessProbe: { httpGet: { path: '/ready', port: 8181, scheme: 'HTTP' } },
            volumeMounts: [{ name: 'config-volume', mountPath: '/etc/coredns', readOnly: true }],
          },
        ],
        volumes: [
          {
            name: 'config-volume',
            configMap: { name: 'coredns', items: [{ key: 'Corefile', path: 'Corefile' }] },
          },
        ],
      },
    },
  },
});

const proxyLabels = { 'k8s-app': 'kube-proxy' };

function kubeProxy(version: string): New<DaemonSet> {
  return {
    metadata: { name: 'kube-proxy', namespace, labels: proxyLabels },
    spec: {
      selector: { matchLabels: proxyLabels },
      updateStrategy: { type: 'RollingUpdate' },
      template: {
        metadata: { labels: proxyLabels },
        spec: {
          priorityClassName: 'system-node-critical',
          serviceAccountName: 'kube-proxy',
          hostNetwork: true,
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          tolerations: [{ operator: 'Exists' }],
          containers: [
            {
              name: 'kube-proxy',
              image: `registry.k8s.io/kube-proxy:${version}`,
              imagePullPolicy: 'IfNotPresent',
              command: ['/usr/local/bin/kube-proxy', '--config=/var/lib/kube-proxy/config.conf'],
            },
          ],
        },
      },
    },
  };
}

/** What kubeadm applies after the control plane is up: kube-proxy on every node, and the cluster's DNS. */
export function installAddons(client: Client, version: string): void {
  client.create(serviceAccounts, { metadata: { name: 'kube-proxy', namespace } });
  client.create(daemonSets, kubeProxy(version));
  client.create(serviceAccounts, { metadata: { name: 'coredns', namespace } });
  client.create(configMaps, { metadata: { name: 'coredns', namespace }, data: { Corefile: corefile } });
  client.create(deployments, coredns(releaseOf(version).coredns));
  client.create(services, {
    metadata: {
      name: 'kube-dns',
      namespace,
      labels: { ...labels, 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' },
    },
    spec: {
      clusterIP: dnsAddress,
      selector: labels,
      ports: [
        { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
        { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 },
        { name: 'metrics', port: 9153, protocol: 'TCP', targetPort: 9153 },
      ],
    },
  });
}
