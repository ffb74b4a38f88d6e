import type { Recipe, StampedInput } from '#classroom/recipe.ts';
import type { Memory } from './view.ts';

/** What of `Storage` a saved session needs. */
export type SessionStorageArea = Memory & Pick<Storage, 'removeItem'>;

const headKey = 'podarium.session';
const inputKey = (index: number): string => `podarium.session.${index}`;

interface Head {
  readonly scenario: string;
  readonly seed: string;
  readonly count: number;
}

/**
 * The learner's one saved session. Every input has a key of its own, so that saving one costs the same after ten
 * thousand; the head is written last and says how many count. Storage throws when it is full: `full` is then called
 * once and the session goes on unsaved.
 */
export class SavedSession {
  readonly #area: SessionStorageArea;
  readonly #full: () => void;
  #head: Head | null = null;
  #broken = false;

  constructor(area: SessionStorageArea, full: () => void) {
    this.#area = area;
    this.#full = full;
  }

  /** What was saved, or null; also null when a part of it is missing or not ours. */
  load(): Recipe | null {
    try {
      const head = JSON.parse(this.#area.getItem(headKey) ?? 'null') as Head | null;
      if (head === null || typeof head.scenario !== 'string' || typeof head.seed !== 'string') return null;
      const inputs: StampedInput[] = [];
      for (let index = 0; index < head.count; index += 1) {
        const input = JSON.parse(this.#area.getItem(inputKey(index)) ?? 'null') as StampedInput | null;
        if (input === null) return null;
        inputs.push(input);
      }
      return { scenario: head.scenario, seed: head.seed, inputs };
    } catch {
      return null;
    }
  }

  /** Replaces what was saved. */
  replace(recipe: Recipe): void {
    this.#broken = false;
    this.#try(() => {
      const old = JSON.parse(this.#area.getItem(headKey) ?? 'null') as Head | null;
      for (let index = recipe.inputs.length; index < (old?.count ?? 0); index += 1)
        this.#area.removeItem(inputKey(index));
      recipe.inputs.forEach((input, index) => this.#area.setItem(inputKey(index), JSON.stringify(input)));
      this.#writeHead({ scenario: recipe.scenario, seed: recipe.seed, count: recipe.inputs.length });
    });
  }

  append(input: StampedInput): void {
    const head = this.#head;
    if (head === null || this.#broken) return;
    this.#try(() => {
      this.#area.setItem(inputKey(head.count), JSON.stringify(input));
      this.#writeHead({ ...head, count: head.count + 1 });
    });
  }

  #writeHead(head: Head): void {
    this.#area.setItem(headKey, JSON.stringify(head));
    this.#head = head;
  }

  #try(write: () => void): void {
    try {
      write();
    } catch {
      this.#broken = true;
      this.#full();
    }
  }
}
