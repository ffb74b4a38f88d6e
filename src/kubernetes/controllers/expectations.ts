// Upstream: pkg/controller/controller_utils.go ControllerExpectations
import type { Simulation } from '#sim/simulation.ts';

/** After this a write that was never seen is no longer waited for. Upstream: ExpectationsTimeout. */
const expectationsTimeoutMs = 5 * 60_000;

interface Expected {
  readonly created: Set<string>;
  readonly deleted: Set<string>;
  sinceMs: number;
}

/**
 * What a controller wrote and has not yet seen in its cache, by key of the owner. While something is missing,
 * the cache shows too few or too many dependents, and the controller must not act on their number.
 */
export class Expectations {
  readonly #simulation: Simulation;
  readonly #expected = new Map<string, Expected>();

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  expectCreated(key: string, uid: string): void {
    this.#of(key).created.add(uid);
  }

  expectDeleted(key: string, uid: string): void {
    this.#of(key).deleted.add(uid);
  }

  /** The cache shows the object. */
  sawCreated(key: string, uid: string): void {
    const expected = this.#expected.get(key);
    expected?.created.delete(uid);
    this.#forgetIfMet(key, expected);
  }

  /** The cache shows the object as being deleted, or no more. */
  sawDeleted(key: string, uid: string): void {
    const expected = this.#expected.get(key);
    expected?.created.delete(uid);
    expected?.deleted.delete(uid);
    this.#forgetIfMet(key, expected);
  }

  /** True when the cache shows all that was written, or has had its time. */
  areMet(key: string): boolean {
    const expected = this.#expected.get(key);
    return expected === undefined || this.#simulation.nowMs - expected.sinceMs > expectationsTimeoutMs;
  }

  /** The owner is gone. */
  forget(key: string): void {
    this.#expected.delete(key);
  }

  #of(key: string): Expected {
    let expected = this.#expected.get(key);
    if (expected === undefined) {
      expected = { created: new Set(), deleted: new Set(), sinceMs: 0 };
      this.#expected.set(key, expected);
    }
    expected.sinceMs = this.#simulation.nowMs;
    return expected;
  }

  #forgetIfMet(key: string, expected: Expected | undefined): void {
    if (expected?.created.size === 0 && expected.deleted.size === 0) this.#expected.delete(key);
  }
}
