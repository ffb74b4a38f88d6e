import {
  type Image,
  type ImageReference,
  type ImageRegistry,
  parseImageReference,
} from '#world/machine/image.ts';

/** What the simulated registries and the nodes' own image stores hold. */
export class SimulatedRegistry implements ImageRegistry {
  readonly #byName = new Map<string, Image>();

  constructor(images: readonly Image[]) {
    for (const image of images) this.add(image);
  }

  /** Adds an image: one that is made with the cluster, such as its DNS, or whose code came after it. */
  add(image: Image): void {
    const { registry, repository } = parseImageReference(image.name)!;
    this.#byName.set(`${registry}/${repository}`, image);
  }

  find(reference: ImageReference): Image | 'unknown repository' | 'unknown tag' {
    const image = this.#get(reference);
    if (image === undefined || image.isLocal) return 'unknown repository';
    return hasTag(image, reference) ? image : 'unknown tag';
  }

  local(reference: ImageReference): Image | undefined {
    const image = this.#get(reference);
    return image?.isLocal && hasTag(image, reference) ? image : undefined;
  }

  #get({ registry, repository }: ImageReference): Image | undefined {
    return this.#byName.get(`${registry}/${repository}`);
  }
}

/** Digests are not kept: any is taken for the newest. A patch release or a variant counts as its tag. */
function hasTag({ tags }: Image, { tag, digest }: ImageReference): boolean {
  return digest !== null || tags.some((known) => tag === known || isVariant(tag, known));
}

function isVariant(tag: string, known: string): boolean {
  if (!tag.startsWith(known)) return false;
  return /^(\.\d+){0,2}(-(alpine|slim|bookworm|trixie|bullseye|perl)[\w.-]*)?$/.test(tag.slice(known.length));
}
