// Upstream: pkg/scheduler/backend/queue/nominator.go
import type { Pod } from '#generated/types/core.v1.ts';
import { keyOf } from '#kubernetes/api/object.ts';

/** Which waiting pods have been promised room on which node, once their victims are gone. */
export class Nominator {
  readonly #byNode = new Map<string, Map<string, Pod>>();
  readonly #nodeOf = new Map<string, string>();

  /** Changes with every nomination. */
  generation = 0;

  get size(): number {
    return this.#nodeOf.size;
  }

  on(nodeName: string): Iterable<Pod> {
    return this.#byNode.get(nodeName)?.values() ?? [];
  }

  hasOn(nodeName: string): boolean {
    return this.#byNode.has(nodeName);
  }

  nodeOf(key: string): string | undefined {
    return this.#nodeOf.get(key);
  }

  set(pod: Pod, nodeName: string): void {
    const key = keyOf(pod);
    this.delete(key);
    if (nodeName === '') return;
    let pods = this.#byNode.get(nodeName);
    if (pods === undefined) this.#byNode.set(nodeName, (pods = new Map()));
    pods.set(key, pod);
    this.#nodeOf.set(key, nodeName);
    this.generation++;
  }

  delete(key: string): void {
    const nodeName = this.#nodeOf.get(key);
    if (nodeName === undefined) return;
    this.#nodeOf.delete(key);
    const pods = this.#byNode.get(nodeName)!;
    pods.delete(key);
    if (pods.size === 0) this.#byNode.delete(nodeName);
    this.generation++;
  }
}
