// Upstream: pkg/kubelet/config/file.go
import type { Pod } from '#generated/types/core.v1.ts';
import type { New } from '#kubernetes/api/object.ts';
import { parseDocument } from '#kubernetes/apimachinery/yamlDocument.ts';
import type { Kubelet } from '#kubernetes/node/kubelet.ts';
import { staticPodNames } from '../staticPods.ts';
import { manifestText } from './kubeadmHost.ts';

export const manifestDirectory = '/etc/kubernetes/manifests';
/** Where the page puts a manifest that it takes out. */
const elsewhere = '/etc/kubernetes';
/** Upstream: fileCheckFrequency: the directory is read so often, besides when it changes. */
const checkMs = 20_000;

interface Manifest {
  readonly pod: New<Pod>;
  readonly text: string;
}

/** The directory from which the kubelet of a node runs its static pods. */
export class ManifestDirectory {
  readonly #kubelet: Kubelet;
  /** What runs, by `namespace/name`. */
  #known = new Map<string, Manifest>();
  #isDue = false;

  constructor(kubelet: Kubelet) {
    this.#kubelet = kubelet;
  }

  /** Writes what kubeadm leaves on a control plane node, whose kubelet runs it already. */
  furnish(version: string): void {
    const files = this.#kubelet.volumes.hostFiles;
    this.#isDue = true;
    files.makeDirectory(manifestDirectory, { parents: true });
    for (const name of staticPodNames)
      files.write(`${manifestDirectory}/${name}.yaml`, manifestText(name, version));
    this.#known = this.#read();
    this.#isDue = false;
  }

  /** A file in it has changed. */
  changed(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#kubelet.simulation.after(0, () => this.#check());
  }

  take(name: string): void {
    const files = this.#kubelet.volumes.hostFiles;
    const path = `${manifestDirectory}/${name}.yaml`;
    if (files.status(path) !== null) files.rename(path, `${elsewhere}/${name}.yaml`);
    this.#sync();
  }

  put(name: string): void {
    const files = this.#kubelet.volumes.hostFiles;
    const path = `${elsewhere}/${name}.yaml`;
    if (files.status(path) !== null) files.rename(path, `${manifestDirectory}/${name}.yaml`);
    this.#sync();
  }

  #check(): void {
    this.#isDue = false;
    if (this.#kubelet.isRunning) return this.#sync();
    this.#isDue = true;
    this.#kubelet.simulation.after(checkMs, () => this.#check());
  }

  #sync(): void {
    if (!this.#kubelet.isRunning) return;
    const found = this.#read();
    for (const [key, { pod }] of this.#known)
      if (!found.has(key))
        this.#kubelet.removeStaticPod(pod.metadata.namespace ?? 'default', pod.metadata.name!);
    for (const [key, { pod, text }] of found)
      if (this.#known.get(key)?.text !== text) this.#kubelet.addStaticPod(pod);
    this.#known = found;
  }

  /** Every manifest that is one; what cannot be read is passed over. */
  #read(): Map<string, Manifest> {
    const files = this.#kubelet.volumes.hostFiles;
    const manifests = new Map<string, Manifest>();
    for (const name of files.status(manifestDirectory) === null ? [] : files.list(manifestDirectory)) {
      const path = `${manifestDirectory}/${name}`;
      if (name.startsWith('.') || files.status(path)?.type !== 'file') continue;
      const text = files.read(path);
      const pod = parsePod(text);
      if (pod !== null)
        manifests.set(`${pod.metadata.namespace ?? 'default'}/${pod.metadata.name}`, { pod, text });
    }
    return manifests;
  }
}

function parsePod(text: string): New<Pod> | null {
  try {
    const pod = parseDocument(text) as Pod | null;
    return pod?.kind === 'Pod' && pod.metadata?.name && pod.spec?.containers?.length ? pod : null;
  } catch {
    return null;
  }
}
