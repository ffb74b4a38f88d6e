import type { Client } from '#kubernetes/client/client.ts';

/** What kubeadm finds on the node that it runs on, and is built with. */
export interface Host {
  readonly node: string;
  /** kubeadm's own release, such as `v1.36.0`: the one that is installed. */
  version(): string;
  /** The way to the API: with the administrator's file where there is one, else as the node's kubelet. */
  readonly client: Client;
  /** `10.0.0.2:6443`. */
  readonly endpoint: string;
  /** All releases, the newest first, with what belongs to them. */
  readonly releases: readonly Release[];
  /** The manifest of a component of a release, in YAML. */
  manifest(component: string, version: string): string;
  /** Brings an image to the node and calls `done` with why it could not, or null. */
  pull(image: string, done: (failure: string | null) => void): void;
}

export interface Release {
  readonly version: string;
  readonly etcd: string;
  readonly coredns: string;
}

/** The components that kubeadm upgrades besides etcd, in its order. */
export const controlPlaneComponents = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
] as const;

export const adminFile = '/etc/kubernetes/admin.conf';
export const manifestDirectory = '/etc/kubernetes/manifests';
export const temporaryDirectory = '/etc/kubernetes/tmp';
