import type { Cache } from './cache.ts';
import type { Rejection } from './framework.ts';
import type { NodeInfo } from './nodeInfo.ts';

/** The nodes that passed the filters for one pod, by slot; filled anew for every pod, so nothing is allocated. */
export class FeasibleNodes {
  readonly #cache: Cache;
  #slots = new Int32Array(0);
  #count = 0;
  #rejected = 0;
  #rejectedSlots = new Int32Array(0);
  readonly #rejections: Rejection[] = [];

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

  /** The first of these, with the reasons. */
  rejections(limit = Infinity): Map<NodeInfo, Rejection> {
    const rejections = new Map<NodeInfo, Rejection>();
    for (let i = 0; i < this.#rejected && i < limit; i++)
      rejections.set(this.#cache.nodeIn(this.#rejectedSlots[i]!), this.#rejections[i]!);
    return rejections;
  }

  node(index: number): NodeInfo {
    return this.#cache.nodeIn(this.#slots[index]!);
  }

  clear(): void {
    const { length } = this.#cache.order;
    if (this.#slots.length < length) {
      this.#slots = new Int32Array(Math.max(64, length * 2));
      this.#rejectedSlots = new Int32Array(this.#slots.length);
    }
    this.#count = 0;
    this.#rejected = 0;
  }

  /** Turns those down for which there is a rejection after all; the others keep their order. */
  retain(judge: (node: NodeInfo) => Rejection | null): void {
    const slots = this.#slots;
    const count = this.#count;
    this.#count = 0;
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!;
      const rejection = judge(this.#cache.nodeIn(slot));
      if (rejection === null) this.add(slot);
      else this.reject(slot, rejection);
    }
  }

  add(slot: number): void {
    this.#slots[this.#count++] = slot;
  }

  reject(slot: number, rejection: Rejection): void {
    this.#rejectedSlots[this.#rejected] = slot;
    this.#rejections[this.#rejected++] = rejection;
  }
}
