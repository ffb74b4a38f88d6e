// Upstream: cmd/kubeadm/app/constants/constants.go
import schemas from '#generated/schemas.json' with { type: 'json' };

/** A release of Kubernetes, and what kubeadm of that release puts beside it. */
export interface Release {
  /** `v1.36.0`. */
  readonly version: string;
  readonly etcd: string;
  readonly coredns: string;
}

/** The newest first: the one whose schemas are served. Nodes can pull and install all of them. */
export const releases: readonly Release[] = [
  { version: `v${schemas.version}.0`, etcd: '3.6.8-0', coredns: 'v1.14.2' },
  { version: 'v1.35.0', etcd: '3.6.6-0', coredns: 'v1.13.1' },
  { version: 'v1.34.0', etcd: '3.6.4-0', coredns: 'v1.12.1' },
];

export const newestRelease: Release = releases[0]!;

/** What belongs to a version; the newest release's, for one that is none of ours. */
export function releaseOf(version: string): Release {
  return releases.find((release) => release.version === version) ?? newestRelease;
}
