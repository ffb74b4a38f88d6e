import type { Cache } from './cache.ts';
import type { Rejection } from './framework.ts';
import type { NodeInfo } from './nodeInfo.ts';

/** Of a pod that is placed, so many rejections are remembered for whoever asks. */
const rejectionsMax = 100;

/** The nodes that passed the filters for one pod, by slot; filled anew for every pod, so nothing is allocated. */
export class FeasibleNodes {
  readonly #cache: Cache;
  #slots = new Int32Array(0);
  #count = 0;
  #rejected = 0;
  readonly #rejections: { readonly node: NodeInfo; readonly rejection: Rejection }[] = [];

  constructor(cache: Cache) {
    this.#cache = cache;
  }

  get count(): number {
    return this.#count;
  }

  /** The first `count` are in use. */
  get slots(): Int32Array {
    return this.#slots;
  }

  /** How many nodes were looked at and did not pass. */
  get rejected(): number {
    return this.#rejected;
  }

  /** The first of these. */
  get rejections(): readonly { readonly node: NodeInfo; readonly rejection: Rejection }[] {
    return this.#rejections;
  }

  node(index: number): NodeInfo {
    return this.#cache.nodeIn(this.#slots[index]!);
  }

  clear(): void {
    const { length } = this.#cache.order;
    if (this.#slots.length < length) this.#slots = new Int32Array(Math.max(64, length * 2));
    this.#count = 0;
    this.#rejected = 0;
    this.#rejections.length = 0;
  }

  add(slot: number): void {
    this.#slots[this.#count++] = slot;
  }

  reject(slot: number, rejection: Rejection): void {
    this.#rejected++;
    if (this.#rejections.length < rejectionsMax)
      this.#rejections.push({ node: this.#cache.nodeIn(slot), rejection });
  }
}
