import {
  type Image,
  type ImageReference,
  type ImageRegistry,
  parseImageReference,
} from '#world/machine/image.ts';
import { agnhost } from './agnhost.ts';
import { alpine } from './alpine.ts';
import { busybox } from './busybox.ts';
import { curlImage } from './curlImage.ts';
import { debian, ubuntu } from './debian.ts';
import { helloWorld } from './helloWorld.ts';
import { hpaExample } from './hpaExample.ts';
import { httpd } from './httpd.ts';
import { k8sDemo } from './k8sDemo.ts';
import { loadGenerator } from './loadGenerator.ts';
import { mlServing } from './mlServing.ts';
import { nginx } from './nginx.ts';
import { pause } from './pause.ts';
import { redis } from './redis.ts';
import { failingTraining, training } from './training.ts';
import { weatherService, weatherServiceLatest } from './weatherService.ts';

/** Every simulated image. A new one is a file and a line here. */
export const images: readonly Image[] = [
  agnhost,
  alpine,
  busybox,
  curlImage,
  debian,
  failingTraining,
  helloWorld,
  hpaExample,
  httpd,
  k8sDemo,
  loadGenerator,
  mlServing,
  nginx,
  pause,
  redis,
  training,
  ubuntu,
  weatherService,
  weatherServiceLatest,
];

/** What the simulated registries and the nodes' own image stores hold. */
export class SimulatedRegistry implements ImageRegistry {
  readonly #byName = new Map<string, Image>();

  constructor(all: readonly Image[] = images) {
    for (const image of all) this.add(image);
  }

  /** Adds an image that is made with the cluster, such as its DNS. */
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
