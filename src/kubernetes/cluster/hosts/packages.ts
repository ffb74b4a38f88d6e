import type { Kubelet } from '#kubernetes/node/kubelet.ts';
import type { FileSystem } from '#world/machine/fileSystem.ts';
import { releases } from '../releases.ts';

export const packageNames = ['kubeadm', 'kubectl', 'kubelet'] as const;
export type PackageName = (typeof packageNames)[number];

/** What a package of Debian's adds to the version of its program. */
const revision = '-1.1';
/** The list of package sources that kubeadm's documentation has one write. */
export const sourceFile = '/etc/apt/sources.list.d/kubernetes.list';

/** `1.36.0-1.1`, the package of `v1.36.0`. */
export function packageVersion(version: string): string {
  return `${version.slice(1)}${revision}`;
}

/** The Debian packages of one node: which are installed, held, and to be had from its repository. */
export class Packages {
  readonly #kubelet: Kubelet;
  readonly #files: FileSystem;
  readonly #installed: Record<PackageName, string>;
  readonly held = new Set<PackageName>(packageNames);
  /** The minor release whose repository was read last: `1.36`. */
  list: string;

  constructor(kubelet: Kubelet, version: string) {
    this.#kubelet = kubelet;
    this.#files = kubelet.volumes.hostFiles;
    this.#installed = { kubeadm: version, kubectl: version, kubelet: version };
    this.list = minorRelease(version);
    this.#files.makeDirectory('/etc/apt/sources.list.d', { parents: true });
    this.#files.write(
      sourceFile,
      `deb [signed-by=/etc/apt/keyrings/kubernetes-apt-keyring.gpg] https://pkgs.k8s.io/core:/stable:/v${this.list}/deb/ /\n`,
    );
  }

  /** The version of a program that is installed: `v1.36.0`. */
  versionOf(name: PackageName): string {
    return this.#installed[name];
  }

  /** A new kubelet runs from its next start on. */
  install(name: PackageName, version: string): void {
    this.#installed[name] = version;
    if (name === 'kubelet') this.#kubelet.installedVersion = version;
  }

  /** The minor release that the sources name now; null where they name no repository of Kubernetes. */
  source(): string | null {
    if (this.#files.status(sourceFile)?.type !== 'file') return null;
    const line = /^deb .*pkgs\.k8s\.io\/core:\/stable:\/v(\d+\.\d+)\/deb/m.exec(this.#files.read(sourceFile));
    return line?.[1] ?? null;
  }

  /** What the repository had when it was read last, the newest first. */
  available(): readonly string[] {
    return releases.map(({ version }) => version).filter((version) => minorRelease(version) === this.list);
  }
}

function minorRelease(version: string): string {
  return version.replace(/^v(\d+\.\d+).*$/, '$1');
}
