import { defineImage, mb } from '../image.ts';
import { controller } from './controller.ts';
import { speaker } from './speaker.ts';

const tags = ['v0.15.2', 'v0.15.1', 'v0.14.9', 'latest'];

/** MetalLB's half that gives load balancers their addresses. */
export const metallbController = defineImage({
  name: 'quay.io/metallb/controller',
  tags,
  sizeBytes: 27 * mb,
  entrypoint: ['/controller'],
  programs: new Map([['/controller', controller]]),
});

/** Its other half, on every node, which answers for them. */
export const metallbSpeaker = defineImage({
  name: 'quay.io/metallb/speaker',
  tags,
  sizeBytes: 43 * mb,
  entrypoint: ['/speaker'],
  programs: new Map([['/speaker', speaker]]),
});
