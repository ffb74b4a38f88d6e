import type { ActivityRow } from '#protocol/rows.ts';

/** How many lines the strip keeps. */
export const activityRowsMax = 2000;

/** The latest activity, oldest first. `version` grows with every change. */
export class ActivityLog {
  #rows: ActivityRow[] = [];
  readonly #listeners = new Set<() => void>();
  #version = 0;

  get rows(): readonly ActivityRow[] {
    return this.#rows;
  }

  get version(): number {
    return this.#version;
  }

  append(rows: readonly ActivityRow[]): void {
    if (rows.length === 0) return;
    this.#rows.push(...rows.slice(-activityRowsMax));
    // Trimmed in large steps, so that a busy cluster doesn't shift the array at every frame.
    if (this.#rows.length > activityRowsMax * 1.5) this.#rows = this.#rows.slice(-activityRowsMax);
    this.#changed();
  }

  clear(): void {
    this.#rows = [];
    this.#changed();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}
