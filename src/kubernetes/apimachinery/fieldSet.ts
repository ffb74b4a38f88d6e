// Upstream: sigs.k8s.io/structured-merge-diff/fieldpath/set.go

/**
 * A set of field paths, as a tree. A node says whether its own path belongs to the set, and which paths below it
 * do. Keys are path elements as FieldsV1 writes them: `f:spec`, `k:{"name":"web"}`, `v:"a"`; `k:#0` stands for
 * the key that the list's first element has at present (see `typedCompare.ts`).
 *
 * Equal sets are the same object: `fieldSet` makes each once, so that ten thousand objects with the same owners
 * hold one tree, and `===` compares. Nothing depends on it but memory and time.
 */
export interface FieldSet {
  readonly owned: boolean;
  /** In order, each once. */
  readonly keys: readonly string[];
  /** By the place of their key; never empty sets. */
  readonly children: readonly FieldSet[];
  /** True where a `k:#0` stands somewhere below. */
  readonly positional: boolean;
  readonly id: number;
}

/** How many different sets are remembered; beyond it they are forgotten and made anew. */
const knownMax = 20_000;
let known = new Map<string, FieldSet>();
let count = 0;

export const noFields: FieldSet = { owned: false, keys: [], children: [], positional: false, id: count++ };
/** A path that belongs to a set, with nothing below it. */
export const leaf: FieldSet = { owned: true, keys: [], children: [], positional: false, id: count++ };

/** The set of these paths. `keys` must be in order and each once, and no child may be empty. */
export function fieldSet(owned: boolean, keys: readonly string[], children: readonly FieldSet[]): FieldSet {
  if (keys.length === 0) return owned ? leaf : noFields;
  let name = owned ? '.' : '';
  for (let i = 0; i < keys.length; i++) name += `${keys[i]}\n${children[i]!.id} `;
  const found = known.get(name);
  if (found !== undefined) return found;
  if (known.size >= knownMax) known = new Map();
  const positional = children.some((child) => child.positional) || keys.some((key) => key.startsWith('k:#'));
  const made: FieldSet = { owned, keys, children, positional, id: count++ };
  known.set(name, made);
  return made;
}

/**
 * Paths below one node on their way to a set. Each step is remembered, so that gathering the same paths in the same
 * order again, which is what writes of one program do, makes nothing new and looks no set up.
 */
export class Gathering {
  readonly #before: Gathering | null;
  readonly #key: string;
  readonly #child: FieldSet;
  #steps: Gathering[] = [];
  /** In place of a long search through `#steps`. */
  #index: Map<string, Gathering> | undefined;
  #set: FieldSet | undefined;
  #owned: FieldSet | undefined;

  constructor(before: Gathering | null, key: string, child: FieldSet) {
    this.#before = before;
    this.#key = key;
    this.#child = child;
  }

  /** Adds a set below a key that has not been added yet; an empty one is left out. */
  with(key: string, child: FieldSet): Gathering {
    if (child === noFields) return this;
    if (this.#index !== undefined) return this.#indexed(this.#index, key, child);
    for (const step of this.#steps) if (step.#child === child && step.#key === key) return step;
    const step = new Gathering(this, key, child);
    if (++gatherings > gatheringsMax) return step;
    this.#steps.push(step);
    if (this.#steps.length > stepsMax) {
      this.#index = new Map(this.#steps.map((each) => [`${each.#child.id} ${each.#key}`, each]));
      this.#steps = [];
    }
    return step;
  }

  #indexed(index: Map<string, Gathering>, key: string, child: FieldSet): Gathering {
    const name = `${child.id} ${key}`;
    const known = index.get(name);
    if (known !== undefined) return known;
    const step = new Gathering(this, key, child);
    if (++gatherings <= gatheringsMax) index.set(name, step);
    return step;
  }

  /** The set of what was gathered, and of the node's own path where it is `owned`. */
  set(owned = false): FieldSet {
    const known = owned ? this.#owned : this.#set;
    if (known !== undefined) return known;
    const parts = this.#parts().sort(([a], [b]) => (a < b ? -1 : 1));
    const made = fieldSet(
      owned,
      parts.map(([key]) => key),
      parts.map(([, child]) => child),
    );
    if (owned) this.#owned = made;
    else this.#set = made;
    return made;
  }

  #parts(): [key: string, child: FieldSet][] {
    return this.#before === null ? [] : [...this.#before.#parts(), [this.#key, this.#child]];
  }
}

const stepsMax = 12;
/** How many steps are remembered; those beyond are made at each use. */
const gatheringsMax = 50_000;
let gatherings = 0;

/** Nothing gathered yet. */
export const gather = new Gathering(null, '', noFields);

/** The paths of one or the other. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || b === noFields) return a;
  if (a === noFields) return b;
  const keys: string[] = [];
  const children: FieldSet[] = [];
  let i = 0;
  let j = 0;
  let same = a.owned || !b.owned;
  while (i < a.keys.length || j < b.keys.length) {
    const left = a.keys[i];
    const right = b.keys[j];
    if (right === undefined || (left !== undefined && left < right)) {
      keys.push(left!);
      children.push(a.children[i++]!);
    } else if (left === undefined || right < left) {
      keys.push(right);
      children.push(b.children[j++]!);
      same = false;
    } else {
      const child = union(a.children[i]!, b.children[j++]!);
      if (child !== a.children[i++]) same = false;
      keys.push(left);
      children.push(child);
    }
  }
  return same ? a : fieldSet(a.owned || b.owned, keys, children);
}

/** The paths of `a` that are not in `b`. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return without(a, b, difference);
}

/** The paths of `a` that are neither in `b` nor below a path of `b`. */
export function recursiveDifference(a: FieldSet, b: FieldSet): FieldSet {
  return without(a, b, (left, right) => (right.owned ? noFields : recursiveDifference(left, right)));
}

function without(a: FieldSet, b: FieldSet, below: (left: FieldSet, right: FieldSet) => FieldSet): FieldSet {
  if (a === noFields || b === noFields) return a;
  const keys: string[] = [];
  const children: FieldSet[] = [];
  let same = !(a.owned && b.owned);
  let j = 0;
  for (let i = 0; i < a.keys.length; i++) {
    const key = a.keys[i]!;
    while (j < b.keys.length && b.keys[j]! < key) j++;
    const before = a.children[i]!;
    const child = b.keys[j] === key ? below(before, b.children[j]!) : before;
    if (child !== before) same = false;
    if (child === noFields) continue;
    keys.push(key);
    children.push(child);
  }
  return same ? a : fieldSet(a.owned && !b.owned, keys, children);
}

/** The paths of both. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || a === noFields) return a;
  const keys: string[] = [];
  const children: FieldSet[] = [];
  let j = 0;
  for (let i = 0; i < a.keys.length; i++) {
    const key = a.keys[i]!;
    while (j < b.keys.length && b.keys[j]! < key) j++;
    if (b.keys[j] !== key) continue;
    const child = intersection(a.children[i]!, b.children[j]!);
    if (child === noFields) continue;
    keys.push(key);
    children.push(child);
  }
  return fieldSet(a.owned && b.owned, keys, children);
}

/** The set below one key: empty where there is none. */
export function below(set: FieldSet, key: string): FieldSet {
  const at = set.keys.indexOf(key);
  return at < 0 ? noFields : set.children[at]!;
}

/** The set of one path. */
export function fieldSetOf(...path: readonly string[]): FieldSet {
  return path.reduceRight<FieldSet>((child, key) => fieldSet(false, [key], [child]), leaf);
}

/** Every path of the set, in order. */
export function pathsOf(set: FieldSet): string[][] {
  const below = set.keys.flatMap((key, i) => pathsOf(set.children[i]!).map((path) => [key, ...path]));
  return set.owned ? [[], ...below] : below;
}
