// Upstream: pkg/kubelet/images/{image_manager,serialized_image_puller}.go; containerd's resolver for the errors
import {
  formatImageReference,
  type Image,
  type ImageReference,
  type ImageRegistry,
  parseImageReference,
} from '#world/machine/image.ts';
import { RandomStream } from '#sim/random.ts';
import type { Simulation } from '#sim/simulation.ts';

/** Asking a registry what a reference means, on average. */
const resolveMs = 400;
/** How fast layers arrive and are unpacked: 40 MB a second. */
const bytesPerMs = 40_000;

/** An image as a node has it. */
export interface PresentImage {
  readonly image: Image;
  /** `docker.io/library/nginx:latest`, as `containerStatuses[].image` shows it. */
  readonly name: string;
  /** `docker.io/library/nginx@sha256:…`. */
  readonly id: string;
}

/** How a pull ended. Times are of the pull alone, and with the wait for the pulls before it. */
export type PullResult =
  | {
      readonly image: PresentImage;
      readonly pullMs: number;
      readonly totalMs: number;
      /** As it arrived: the sizes differ from node to node only by what was there. */
      readonly sizeBytes: number;
    }
  | { readonly image: null; readonly error: string };

/** What a pod has to show to a registry. */
export interface RegistryCredentials {
  readonly registry: string;
  readonly username: string;
  readonly password: string;
}

/** Why a registry does not let somebody have an image; null when it does. */
function refusal(
  { credentials }: Image,
  { registry }: ImageReference,
  shown: readonly RegistryCredentials[],
): 'nothing shown' | 'wrong' | null {
  if (credentials === undefined) return null;
  const own = shown.filter((entry) => entry.registry === registry);
  if (own.length === 0) return 'nothing shown';
  const isRight = ({ username, password }: RegistryCredentials) =>
    username === credentials.username && password === credentials.password;
  return own.some(isRight) ? null : 'wrong';
}

interface Pull {
  readonly credentials: readonly RegistryCredentials[];
  readonly reference: ImageReference;
  readonly askedMs: number;
  done(result: PullResult): void;
}

/** What all nodes of a cluster share: the registry, and one object per image. */
export class ImageCatalog {
  readonly #registry: ImageRegistry;
  readonly #present = new Map<string, PresentImage>();

  constructor(registry: ImageRegistry) {
    this.#registry = registry;
  }

  find(reference: ImageReference, credentials: readonly RegistryCredentials[] = []): PresentImage | string {
    const found = this.#registry.find(reference);
    const why = typeof found === 'string' ? found : refusal(found, reference, credentials);
    return why === null ? this.#shared(reference, found as Image) : pullError(reference, why);
  }

  local(reference: ImageReference): PresentImage | undefined {
    const image = this.#registry.local(reference);
    return image && this.#shared(reference, image);
  }

  #shared(reference: ImageReference, image: Image): PresentImage {
    const name = formatImageReference(reference);
    let present = this.#present.get(name);
    if (present === undefined) {
      const digest = reference.digest ?? `sha256:${digestOf(name)}`;
      const id = image.isLocal ? digest : `${reference.registry}/${reference.repository}@${digest}`;
      present = { image, name, id };
      this.#present.set(name, present);
    }
    return present;
  }
}

/** The images on one node. It pulls one after the other, as the kubelet does by default. */
export class ImageStore {
  readonly #simulation: Simulation;
  readonly #catalog: ImageCatalog;
  readonly #present = new Map<string, PresentImage>();
  readonly #queue: Pull[] = [];
  /** How many times longer than usual it takes to unpack layers. */
  slowness = 1;

  constructor(simulation: Simulation, catalog: ImageCatalog) {
    this.#simulation = simulation;
    this.#catalog = catalog;
  }

  /** The image when it is on the node, for who could have pulled it. */
  get(reference: ImageReference, credentials: readonly RegistryCredentials[]): PresentImage | undefined {
    const present = this.#present.get(formatImageReference(reference));
    if (present !== undefined && refusal(present.image, reference, credentials) !== null) return undefined;
    return present ?? this.#catalog.local(reference);
  }

  /** How many images the node has. */
  get count(): number {
    return this.#present.size;
  }

  /** What the node has, for `status.images`. */
  list(): PresentImage[] {
    return [...this.#present.values()];
  }

  /** Takes an image off the node; how much room that makes. */
  remove(name: string): number {
    const sizeBytes = this.#present.get(name)?.image.sizeBytes ?? 0;
    this.#present.delete(name);
    return sizeBytes;
  }

  /** Puts images on the node without a pull: those that its control plane came with. */
  preload(text: string): void {
    const reference = parseImageReference(text);
    const found = reference && this.#catalog.find(reference);
    if (found && typeof found !== 'string') this.#present.set(found.name, found);
  }

  pull(
    reference: ImageReference,
    credentials: readonly RegistryCredentials[],
    done: (result: PullResult) => void,
  ): void {
    this.#queue.push({ reference, credentials, askedMs: this.#simulation.nowMs, done });
    if (this.#queue.length === 1) this.#next();
  }

  #next(): void {
    const pull = this.#queue[0];
    if (pull === undefined) return;
    const beganMs = this.#simulation.nowMs;
    const found = this.#catalog.find(pull.reference, pull.credentials);
    const isNew = typeof found !== 'string' && !this.#present.has(found.name);
    const sizeBytes = typeof found === 'string' ? 0 : found.image.sizeBytes;
    const jitter = 0.8 + this.#simulation.random('image-pulls').fraction() * 0.4;
    const pullMs = Math.round((resolveMs + (isNew ? (sizeBytes / bytesPerMs) * this.slowness : 0)) * jitter);
    this.#simulation.after(pullMs, () => {
      this.#queue.shift();
      if (typeof found === 'string') pull.done({ image: null, error: found });
      else {
        this.#present.set(found.name, found);
        const totalMs = beganMs - pull.askedMs + pullMs;
        pull.done({ image: found, pullMs, totalMs, sizeBytes });
      }
      this.#next();
    });
  }
}

/** What containerd says when a registry does not have an image. */
function pullError(
  reference: ImageReference,
  why: 'unknown repository' | 'unknown tag' | 'nothing shown' | 'wrong',
): string {
  const name = formatImageReference(reference);
  const failed = `failed to pull and unpack image "${name}": failed to resolve reference "${name}"`;
  if (why === 'unknown tag') return `rpc error: code = NotFound desc = ${failed}: ${name}: not found`;
  if (why === 'wrong') {
    const { registry, repository, tag } = reference;
    return `${failed}: unexpected status from HEAD request to https://${registry}/v2/${repository}/manifests/${tag}: 401 Unauthorized`;
  }
  const denied = `${failed}: pull access denied, repository does not exist or may require authorization`;
  if (why === 'nothing shown') return `${denied}: authorization failed: no basic auth credentials`;
  return `${denied}: server message: insufficient_scope: authorization failed`;
}

/** A digest that an image of this name has in every run. */
function digestOf(name: string): string {
  const random = new RandomStream('image digests', name);
  let digest = '';
  for (let i = 0; i < 8; i++) digest += random.uint32().toString(16).padStart(8, '0');
  return digest;
}
