import { compareVersions } from '#kubernetes/apimachinery/versions.ts';
import type { AnyKind } from './kind.ts';

/** Upstream's group priorities, highest first; groups that are not here come last, by name. */
const groupOrder = [
  '',
  'apiregistration.k8s.io',
  'apps',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'scheduling.k8s.io',
  'coordination.k8s.io',
  'node.k8s.io',
  'discovery.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'metrics.k8s.io',
];

/** Which of two groups discovery names first: negative when it is `a`. */
export function compareGroups(a: string, b: string): number {
  const rank = (group: string) =>
    groupOrder.includes(group) ? groupOrder.indexOf(group) : groupOrder.length;
  return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
}

/**
 * The kinds that one server serves. It grows when the second load arrives and with every custom resource, and tells
 * those who follow all kinds. Two kinds with one group, version and plural are one: the later replaces the former.
 */
export class KindSet {
  readonly #byResource = new Map<string, AnyKind>();
  readonly #byKind = new Map<string, AnyKind>();
  readonly #listeners = new Set<KindListener>();
  #inOrder: readonly AnyKind[] | null = null;

  constructor(kinds: Iterable<AnyKind> = []) {
    this.add(kinds);
  }

  /** Counts additions and removals: what is remembered of the set is stale when this has changed. */
  generation = 0;

  /** All kinds in discovery's order: by group, then the newest version, then by plural name. */
  get all(): readonly AnyKind[] {
    this.#inOrder ??= [...this.#byResource.values()].sort(
      (a, b) =>
        compareGroups(a.group, b.group) ||
        compareVersions(a.version, b.version) ||
        (a.plural < b.plural ? -1 : 1),
    );
    return this.#inOrder;
  }

  /** The kind behind a URL's group (`''` for core), version and plural name. */
  findResource(group: string, version: string, plural: string): AnyKind | undefined {
    return this.#byResource.get(`${group}/${version}/${plural}`);
  }

  /** The kind that an object's `apiVersion` and `kind` name. */
  findKind(apiVersion: string, kind: string): AnyKind | undefined {
    return this.#byKind.get(apiVersion.includes('/') ? `${apiVersion}/${kind}` : `/${apiVersion}/${kind}`);
  }

  add(kinds: Iterable<AnyKind>): void {
    for (const kind of kinds) {
      this.#byResource.set(`${kind.group}/${kind.version}/${kind.plural}`, kind);
      this.#byKind.set(`${kind.group}/${kind.version}/${kind.kind}`, kind);
      this.#changed();
      for (const listener of this.#listeners) listener.added?.(kind);
    }
  }

  remove(kind: AnyKind): void {
    const { group, version } = kind;
    if (this.#byResource.get(`${group}/${version}/${kind.plural}`) !== kind) return;
    this.#byResource.delete(`${group}/${version}/${kind.plural}`);
    this.#byKind.delete(`${group}/${version}/${kind.kind}`);
    this.#changed();
    for (const listener of this.#listeners) listener.removed?.(kind);
  }

  /** Calls `added` for every kind that is there, in discovery's order, and both for what changes. Returns what ends it. */
  follow(listener: KindListener): () => void {
    for (const kind of this.all) listener.added?.(kind);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(): void {
    this.#inOrder = null;
    this.generation++;
  }
}

export interface KindListener {
  added?(kind: AnyKind): void;
  removed?(kind: AnyKind): void;
}
