import { component, type Component } from './component.ts';

/** One of the processes of which only one works at a time. */
export interface Candidate {
  readonly name: string;
  readonly node: string;
  /** It works already, from before there was an election. */
  readonly isLeading: boolean;
  lead(): void;
}

/** Takes part in an election; returns what ends that. */
export type Elect = (candidate: Candidate) => () => void;

/** A component that works once it is elected, or at once where there is no election: that comes with the second load. */
export class ElectedComponent {
  readonly component: Component;
  readonly #candidate: Omit<Candidate, 'isLeading'>;
  #elect: Elect | null = null;
  #endElection: (() => void) | null = null;
  #endWork: (() => void) | null = null;

  constructor(name: string, node: string, begin: () => () => void) {
    const lead = () => {
      this.#endWork ??= begin();
    };
    this.#candidate = { name, node, lead };
    this.component = component(name, node, () => {
      if (this.#elect === null) lead();
      else this.#run(this.#elect, false);
      return () => {
        this.#endElection?.();
        this.#endWork?.();
        this.#endElection = this.#endWork = null;
      };
    });
  }

  /** Whether it works, and not only waits for its turn. */
  get isLeading(): boolean {
    return this.#endWork !== null;
  }

  /** From now on it takes part in an election; where it works it has been elected. */
  install(elect: Elect): void {
    this.#elect = elect;
    if (this.component.isRunning) this.#run(elect, this.isLeading);
  }

  #run(elect: Elect, isLeading: boolean): void {
    this.#endElection = elect({ ...this.#candidate, isLeading });
  }
}
