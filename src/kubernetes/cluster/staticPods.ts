// Upstream: cmd/kubeadm/app/phases/{controlplane,etcd}
import type { Container, Pod, PodSpec } from '#generated/types/core.v1.ts';
import type { New } from '#kubernetes/api/object.ts';
import { systemPriorities } from '#kubernetes/api/scheduling/priorityClass.ts';
import { releaseOf } from './releases.ts';

/** What kubeadm asks for each component, and where it answers. */
const parts: Readonly<
  Record<
    string,
    {
      readonly cpu: string;
      readonly port: number;
      readonly path?: string;
      readonly memory?: string;
    }
  >
> = {
  etcd: { cpu: '100m', memory: '100Mi', port: 2379, path: '/livez' },
  'kube-apiserver': { cpu: '250m', port: 6443, path: '/livez' },
  'kube-controller-manager': { cpu: '200m', port: 10257 },
  'kube-scheduler': { cpu: '100m', port: 10259, path: '/livez' },
};

/** Upstream: cmd/kubeadm/app/util/staticpod/utils.go LivenessProbe */
const patience = { initialDelaySeconds: 10, periodSeconds: 10, timeoutSeconds: 15, failureThreshold: 8 };

const certificates = '/etc/kubernetes/pki/etcd';
/** Where a member keeps what it knows. */
export const etcdDataDirectory = '/var/lib/etcd';

const etcdCommand = ['etcd', `--data-dir=${etcdDataDirectory}`];
const mounts = [
  { mountPath: etcdDataDirectory, name: 'etcd-data' },
  { mountPath: certificates, name: 'etcd-certs' },
];
const volumes = [
  { hostPath: { path: certificates, type: 'DirectoryOrCreate' as const }, name: 'etcd-certs' },
  { hostPath: { path: etcdDataDirectory, type: 'DirectoryOrCreate' as const }, name: 'etcd-data' },
];

/** What kubeadm puts on the scheduler's command line, and the file that this names. */
const schedulerConfig = '/etc/kubernetes/scheduler.conf';
const schedulerCommand = [
  'kube-scheduler',
  `--authentication-kubeconfig=${schedulerConfig}`,
  `--authorization-kubeconfig=${schedulerConfig}`,
  '--bind-address=127.0.0.1',
  `--kubeconfig=${schedulerConfig}`,
  '--leader-elect=true',
];

/** Of each component that has any: its command line, and the files of the node that it reads. */
const furnishings: Readonly<
  Record<string, Pick<PodSpec, 'volumes'> & Pick<Container, 'command' | 'volumeMounts'>>
> = {
  etcd: { command: etcdCommand, volumeMounts: mounts, volumes },
  'kube-scheduler': {
    command: schedulerCommand,
    volumeMounts: [{ mountPath: schedulerConfig, name: 'kubeconfig', readOnly: true }],
    volumes: [{ hostPath: { path: schedulerConfig, type: 'FileOrCreate' }, name: 'kubeconfig' }],
  },
};

/** Names of the components that run as static pods on the control plane's node. */
export const staticPodNames: readonly string[] = Object.keys(parts);

/** The manifest in `/etc/kubernetes/manifests` for one component, in kubeadm's words. */
export function staticPod(name: string, version: string): New<Pod> {
  const { cpu, memory, port, path = '/healthz' } = parts[name]!;
  const { command, volumeMounts, volumes: own } = furnishings[name] ?? {};
  const tag = name === 'etcd' ? releaseOf(version).etcd : version;
  const scheme = name === 'etcd' ? 'HTTP' : 'HTTPS';
  return {
    metadata: {
      name,
      namespace: 'kube-system',
      labels: { component: name, tier: 'control-plane' },
    },
    spec: {
      hostNetwork: true,
      priorityClassName: 'system-node-critical',
      priority: systemPriorities['system-node-critical']!,
      containers: [
        {
          name,
          image: `registry.k8s.io/${name}:${tag}`,
          ...(command && { command }),
          ...(volumeMounts && { volumeMounts }),
          imagePullPolicy: 'IfNotPresent',
          ports: [{ name: 'probe-port', containerPort: port, protocol: 'TCP' }],
          livenessProbe: { httpGet: { path, port: 'probe-port', scheme }, ...patience },
          resources: { requests: { cpu, ...(memory && { memory }) } },
        },
      ],
      ...(own && { volumes: own }),
    },
  };
}
