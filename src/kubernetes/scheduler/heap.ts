/** What a heap holds knows its place in it; -1 while it is in none. */
export interface Heaped {
  heapIndex: number;
}

/** A binary heap by a comparison; elements can be taken out from anywhere. */
export class Heap<T extends Heaped> {
  readonly #compare: (a: T, b: T) => number;
  readonly #items: T[] = [];

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#items.length;
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    item.heapIndex = this.#items.length;
    this.#items.push(item);
    this.#up(item);
  }

  pop(): T | undefined {
    const first = this.#items[0];
    if (first !== undefined) this.remove(first);
    return first;
  }

  remove(item: T): void {
    const at = item.heapIndex;
    const last = this.#items.pop()!;
    if (last !== item) {
      this.#items[at] = last;
      last.heapIndex = at;
      this.update(last);
    }
    item.heapIndex = -1;
  }

  /** Puts an element right whose order changed. */
  update(item: T): void {
    this.#up(item);
    this.#down(item);
  }

  #up(item: T): void {
    const items = this.#items;
    let at = item.heapIndex;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = items[above]!;
      if (this.#compare(item, parent) >= 0) break;
      items[at] = parent;
      parent.heapIndex = at;
      at = above;
    }
    items[at] = item;
    item.heapIndex = at;
  }

  #down(item: T): void {
    const items = this.#items;
    let at = item.heapIndex;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && this.#compare(items[child + 1]!, items[child]!) < 0) child++;
      if (this.#compare(items[child]!, item) >= 0) break;
      items[at] = items[child]!;
      items[at]!.heapIndex = at;
      at = child;
    }
    items[at] = item;
    item.heapIndex = at;
  }
}
