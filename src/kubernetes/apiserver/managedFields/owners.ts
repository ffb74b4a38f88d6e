// Upstream: apimachinery/pkg/util/managedfields/internal/{managedfields,capmanagers,buildmanagerinfo}.go
import type { ManagedFieldsEntry } from '#generated/types/meta.v1.ts';
import { difference, type FieldSet, noFields, union } from '#kubernetes/apimachinery/fieldSet.ts';
import { decodeFields, encodeFields } from '#kubernetes/apimachinery/fieldsV1.ts';
import { isObject } from '#kubernetes/apimachinery/goValue.ts';
import type { Writer } from './ownership.ts';

/** One owner with its fields. */
export interface Owner {
  readonly writer: Writer;
  /** RFC 3339; undefined where a client sent none. */
  readonly time: string | undefined;
  readonly fields: FieldSet;
}

/** Upstream: DefaultMaxUpdateManagers. */
const updatersMax = 10;
const oldUpdates = 'ancient-changes';
/** How many different next writes of one state are remembered. */
const nextMax = 16;
/** States of which that is remembered; past so many it starts anew. */
const followedMax = 1_000;

/**
 * What recently followed from which state. It is not kept with the states: each would keep all that ever came of it,
 * though only what is written in the same seconds is shared.
 */
const followed = new Map<Owners, readonly Next[]>();

interface Next {
  readonly writer: Writer;
  readonly time: string;
  readonly changed: FieldSet;
  readonly removed: FieldSet;
  readonly owners: Owners;
}

/**
 * Whose the fields of an object are, immutable. What follows from a write is remembered: ten thousand pods that are
 * written alike in the same second share one state.
 */
export class Owners {
  readonly list: readonly Owner[];
  #entries: ManagedFieldsEntry[] | undefined;

  constructor(list: readonly Owner[]) {
    // A list that grew keeps room for seventeen.
    this.list = list.slice();
  }

  /** True where a set names items by their place, so that it must be written out with its object. */
  get isPositional(): boolean {
    return this.list.some((owner) => owner.fields.positional);
  }

  /** What `manage` makes of every set; this very state where it changes none. Owners of nothing go. */
  map(manage: (fields: FieldSet, owner: Owner) => FieldSet): Owners {
    let changed = false;
    const list: Owner[] = [];
    for (const owner of this.list) {
      const fields = manage(owner.fields, owner);
      if (fields !== owner.fields) changed = true;
      if (fields !== noFields) list.push(fields === owner.fields ? owner : { ...owner, fields });
    }
    return changed ? new Owners(list) : this;
  }

  /** The state after an update by `writer`, which takes what it changed from everybody. */
  after(writer: Writer, time: string, changed: FieldSet, removed: FieldSet): Owners {
    const known = followed.get(this) ?? [];
    for (const next of known) {
      if (
        next.writer === writer &&
        next.changed === changed &&
        next.removed === removed &&
        next.time === time
      )
        return next.owners;
    }
    const owners = this.#after(writer, time, changed, removed);
    if (followed.size >= followedMax) followed.clear();
    const kept = known.length < nextMax ? known : [];
    followed.set(this, kept.concat({ writer, time, changed, removed, owners }));
    return owners;
  }

  #after(writer: Writer, time: string, changed: FieldSet, removed: FieldSet): Owners {
    let isNew = true;
    const list: Owner[] = [];
    for (const owner of this.list) {
      const isSelf = sameWriter(owner.writer, writer);
      if (isSelf) isNew = false;
      const kept = difference(owner.fields, removed);
      const fields = isSelf ? union(kept, changed) : difference(kept, changed);
      if (fields === noFields) continue;
      // Who only lost fields has not written.
      const isLater = isSelf && changed !== noFields && owner.time !== time;
      list.push(fields === owner.fields && !isLater ? owner : { ...owner, fields, ...(isLater && { time }) });
    }
    if (isNew && changed !== noFields) list.push({ writer, time, fields: changed });
    return new Owners(capped(list));
  }

  /** As `metadata.managedFields` shows them. No set may be positional. */
  get entries(): ManagedFieldsEntry[] {
    this.#entries ??= this.list.toSorted(inOrder).map(entryOf);
    return this.#entries;
  }
}

export const noOwners = new Owners([]);

/** Keeps no more than ten entries of updates: the oldest of each version become one, `ancient-changes`. */
function capped(owners: readonly Owner[]): readonly Owner[] {
  const updaters = owners.filter(({ writer }) => writer.operation === 'Update');
  let surplus = updaters.length - updatersMax;
  if (surplus <= 0) return owners;
  const kept = new Set(owners);
  const buckets = new Map<string, Owner>();
  for (const owner of updaters.toSorted(byAge)) {
    if (surplus <= 0) break;
    const { apiVersion } = owner.writer;
    const first = buckets.get(apiVersion);
    if (first === undefined) {
      buckets.set(apiVersion, owner);
      continue;
    }
    const writer: Writer = { manager: oldUpdates, operation: 'Update', apiVersion, subresource: '' };
    const bucket = { writer, time: owner.time, fields: union(first.fields, owner.fields) };
    kept.delete(first);
    kept.delete(owner);
    kept.add(bucket);
    buckets.set(apiVersion, bucket);
    surplus--;
  }
  return [...kept];
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function byAge(a: Owner, b: Owner): number {
  return compareText(a.time ?? '', b.time ?? '') || compareText(identifier(a.writer), identifier(b.writer));
}

/** The manager's identity as upstream writes it, which decides between entries of one second. */
function identifier({ manager, operation, apiVersion, subresource }: Writer): string {
  return JSON.stringify({ manager, operation, apiVersion, ...(subresource !== '' && { subresource }) });
}

/** Applies before updates, then by time, manager, version and subresource. */
function inOrder(a: Owner, b: Owner): number {
  return (
    compareText(a.writer.operation, b.writer.operation) ||
    compareText(a.time ?? '', b.time ?? '') ||
    compareText(a.writer.manager, b.writer.manager) ||
    compareText(a.writer.apiVersion, b.writer.apiVersion) ||
    compareText(a.writer.subresource, b.writer.subresource)
  );
}

function entryOf({ writer, time, fields }: Owner): ManagedFieldsEntry {
  return {
    manager: writer.manager,
    operation: writer.operation,
    apiVersion: writer.apiVersion,
    ...(time !== undefined && { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: encodeFields(fields),
    ...(writer.subresource !== '' && { subresource: writer.subresource }),
  };
}

/** Reads what a client sent: undefined where it is not valid, and where it names nobody. */
export function readOwners(sent: readonly ManagedFieldsEntry[]): Owners | undefined {
  if (sent.length === 1 && Object.keys(sent[0]!).length === 0) return noOwners;
  const owners = new Map<string, Owner>();
  for (const { manager = '', operation, apiVersion, time, fieldsType, fieldsV1, subresource = '' } of sent) {
    if (operation !== 'Apply' && operation !== 'Update') return undefined;
    if (!apiVersion || fieldsType !== 'FieldsV1') return undefined;
    const fields = decodeFields(isObject(fieldsV1) ? fieldsV1 : {});
    if (fields === undefined) return undefined;
    const writer: Writer = { manager, operation, apiVersion, subresource };
    owners.set(identifier(writer), { writer, time, fields });
  }
  return owners.size === 0 ? undefined : new Owners([...owners.values()]);
}

/** The fields that anybody owns, of one version. */
export function ownedBy(owners: readonly Owner[]): FieldSet {
  return owners.reduce((all, { fields }) => union(all, fields), noFields);
}

export function sameWriter(a: Writer, b: Writer): boolean {
  if (a === b) return true;
  return (
    a.manager === b.manager &&
    a.operation === b.operation &&
    a.apiVersion === b.apiVersion &&
    a.subresource === b.subresource
  );
}

/** True where both say the same but for times: such a difference alone is not stored. */
export function sameOwners(a: Owners, b: Owners): boolean {
  return (
    a.list.length === b.list.length &&
    a.list.every((owner) =>
      b.list.some((other) => sameWriter(other.writer, owner.writer) && other.fields === owner.fields),
    )
  );
}
