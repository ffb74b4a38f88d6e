/**
 * Why something happened: a link in the trail from an input or a periodic tick down to a write (D6).
 * It is Kubernetes' audit event with a parent. A large cluster keeps hundreds of thousands of them, so texts are
 * shared and small numbers lie together.
 */
export class Cause {
  readonly parent: Cause | null;
  /** Who: a component or user name, such as `system:kube-scheduler` or `kubernetes-admin`. */
  readonly actor: string;
  /** The revision that the write got, 0 where nothing was written. */
  readonly revision: number;
  #deed: Deed;
  #name: string;
  readonly #second: number;
  readonly #rest: number;

  constructor(
    parent: Cause | null,
    actor: string,
    deed: Deed,
    name: string,
    revision: number,
    { second, rest }: Moment,
  ) {
    this.parent = parent;
    this.actor = actor;
    this.revision = revision;
    this.#deed = deed;
    this.#name = name;
    this.#second = second;
    this.#rest = rest;
  }

  /** In whole milliseconds since the Unix epoch. */
  get atMs(): number {
    return startOfSecond(this.moment) + (this.#rest >> 7);
  }

  /** What: `input`, `tick`, or an API verb such as `create`. */
  get action(): string {
    return this.#deed.action;
  }

  /** On what: a storage key such as `/registry/pods/default/web`, or the text of the input; empty for none. */
  get subject(): string {
    return this.#deed.scope + this.#name;
  }

  /** Links above this one, up to the nearest root; bounded, see `linksMax`. */
  get depth(): number {
    return (this.#rest >> 1) & 63;
  }

  /** True at a root that stands for older causes which are no longer kept. */
  get cut(): boolean {
    return (this.#rest & 1) === 1;
  }

  /** For who keeps the link in parts, see `restoredCause`. */
  get moment(): Moment {
    return { second: this.#second, rest: this.#rest };
  }

  /** Fills in what was written, at the first write that was made for this cause. */
  wrote(scope: string, name: string): void {
    if (this.#name !== '') return;
    this.#deed = deedOf(this.#deed.action, scope);
    this.#name = name;
  }
}

/** When a link was made and where it stands, in two small numbers. */
export interface Moment {
  /** Whole seconds since `epochS`. */
  readonly second: number;
  /** Milliseconds of the second × 128 + links above this one × 2 + whether older ones were cut off. */
  readonly rest: number;
}

/** What was done, and in which part of the store. */
interface Deed {
  readonly action: string;
  readonly scope: string;
}

/** A trail longer than this starts anew, so that a pod which restarts for a year keeps no year of causes. */
const linksMax = 64;

/** Times are kept from here on, so that they are small numbers until 2051. */
const epochS = 1_500_000_000;

/** Deeds that are shared, by scope and action; past so many the table starts anew. */
const deedsMax = 4096;
const deeds = new Map<string, Map<string, Deed>>();
let deedCount = 0;

function deedOf(action: string, scope: string): Deed {
  let known = deeds.get(scope);
  if (known === undefined) {
    known = new Map();
    deeds.set(scope, known);
  }
  let deed = known.get(action);
  if (deed === undefined) {
    if (++deedCount > deedsMax) {
      deeds.clear();
      deedCount = 0;
    }
    deed = { action, scope };
    known.set(action, deed);
  }
  return deed;
}

/** A new link below `parent`. A null parent makes a root: an input, or a tick of a clock. */
export function causeOf(
  parent: Cause | null,
  atMs: number,
  actor: string,
  action: string,
  subject: string,
  revision = 0,
): Cause {
  const cut = parent !== null && parent.depth + 1 >= linksMax;
  const depth = parent === null || cut ? 0 : parent.depth + 1;
  const second = Math.floor(atMs / 1000);
  const rest = Math.floor(atMs - second * 1000) * 128 + depth * 2 + (cut ? 1 : 0);
  const moment = { second: second - epochS, rest };
  return new Cause(cut ? null : parent, actor, deedOf(action, ''), subject, revision, moment);
}

/** The link of a write of which only its parent, its actor and its moment were kept. */
export function restoredCause(
  parent: Cause | null,
  actor: string,
  action: string,
  moment: Moment,
  written: { readonly scope: string; readonly name: string; readonly revision: number },
): Cause {
  const { scope, name, revision } = written;
  return new Cause(parent, actor, deedOf(action, scope), name, revision, moment);
}

/** The second in which a moment lies, in milliseconds since the Unix epoch. */
export function startOfSecond({ second }: Moment): number {
  return (second + epochS) * 1000;
}

/** The trail from `cause` up to its root, nearest first. */
export function trailOf(cause: Cause | null): Cause[] {
  const trail: Cause[] = [];
  for (let link = cause; link !== null; link = link.parent) trail.push(link);
  return trail;
}
