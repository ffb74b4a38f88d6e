// Upstream: cmd/kubeadm/app/phases/upgrade/policy.go
import type { Release } from './host.ts';

/** Minor releases that kubeadm goes up or down at once. */
const minorsAtOnce = 1;
/** Minor releases that a kubelet may be older than the API server. */
const kubeletSkewMax = 3;

/** What speaks against a version: some of it can be overridden. */
export interface SkewErrors {
  readonly mandatory: readonly string[];
  readonly skippable: readonly string[];
}

/** The numbers of `v1.36.0`, or null for what is no version. */
export function numbersOf(version: string): readonly [major: number, minor: number, patch: number] | null {
  const match = /^v?(\d+)\.(\d+)\.(\d+)$/.exec(version);
  return match && [Number(match[1]), Number(match[2]), Number(match[3])];
}

export function minorOf(version: string): number {
  return numbersOf(version)![1];
}

/** Below zero when `a` is the older one. Both must be versions. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a)!, numbersOf(b)!];
  for (const i of [0, 1, 2] as const) if (left[i] !== right[i]) return left[i] - right[i];
  return 0;
}

/** The newest release that a kubeadm of this version knows how to install: never a newer minor than its own. */
export function newestFor(kubeadm: string, releases: readonly Release[]): Release {
  return releases.find(({ version }) => minorOf(version) <= minorOf(kubeadm)) ?? releases.at(-1)!;
}

/** Whether a cluster may go to a version, with the kubelets that it has. */
export function versionErrors(options: {
  readonly wanted: string;
  readonly cluster: string;
  readonly kubeadm: string;
  readonly kubelets: readonly string[];
}): SkewErrors {
  const { wanted, cluster, kubeadm, kubelets } = options;
  const mandatory: string[] = [];
  const skippable: string[] = [];
  const to = `Specified version to upgrade to ${JSON.stringify(wanted)}`;
  const [minor, own] = [minorOf(wanted), minorOf(kubeadm)];
  if (minor > minorOf(cluster) + minorsAtOnce)
    mandatory.push(`${to} is too high; kubeadm can upgrade only ${minorsAtOnce} minor version at a time`);
  if (minor < minorOf(cluster) - minorsAtOnce)
    mandatory.push(
      `Specified version to downgrade to ${JSON.stringify(wanted)} is too low; kubeadm can downgrade only ${minorsAtOnce} minor version at a time`,
    );
  if (minor > own)
    mandatory.push(
      `${to} is at least one minor release higher than the kubeadm minor release (${minor} > ${own}). Such an upgrade is not supported`,
    );
  else if (compareVersions(kubeadm, wanted) < 0)
    skippable.push(
      `${to} is higher than the kubeadm version ${JSON.stringify(kubeadm)}. Upgrade kubeadm first using the tool you used to install kubeadm`,
    );
  if (own > minor)
    skippable.push(
      `Kubeadm version ${kubeadm} can only be used to upgrade to Kubernetes version ${numbersOf(kubeadm)![0]}.${own}`,
    );
  const old = kubelets.filter((version) => minor > minorOf(version) + kubeletSkewMax);
  if (old.length > 0)
    skippable.push(
      `There are kubelets in this cluster that are too old that have these versions [${[...new Set(old)].join(' ')}]`,
    );
  return { mandatory, skippable };
}
