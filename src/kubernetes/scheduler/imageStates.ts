// Upstream: pkg/scheduler/backend/cache/cache.go addNodeImageStates
import type { ContainerImage, Node } from '#generated/types/core.v1.ts';
import type { NodeInfo } from './nodeInfo.ts';

/** Where an image is, and how large. */
export interface ImageState {
  sizeBytes: number;
  readonly nodes: Set<number>;
}

/** Which images lie on which nodes (by slot), by every name that they have there. */
export class ImageStates {
  readonly #images = new Map<string, ImageState>();

  get(name: string): ImageState | undefined {
    return this.#images.get(name);
  }

  /** Takes over what changed on a node between two of its versions. */
  change(info: NodeInfo, before: Node | null, now: Node | null): void {
    const were = before?.status.images;
    const are = now?.status.images;
    if (were === are) return;
    for (const image of were ?? []) this.#remove(image, info.slot);
    for (const image of are ?? []) this.#add(image, info.slot);
  }

  #add({ names, sizeBytes = 0 }: ContainerImage, slot: number): void {
    for (const name of names ?? []) {
      let state = this.#images.get(name);
      if (state === undefined) this.#images.set(name, (state = { sizeBytes, nodes: new Set() }));
      state.nodes.add(slot);
    }
  }

  #remove({ names }: ContainerImage, slot: number): void {
    for (const name of names ?? []) {
      const state = this.#images.get(name);
      state?.nodes.delete(slot);
      if (state?.nodes.size === 0) this.#images.delete(name);
    }
  }
}
