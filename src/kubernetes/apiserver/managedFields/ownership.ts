// Upstream: apiserver/pkg/endpoints/handlers/create.go managerOrUserAgent
import { apiVersionOf } from '#kubernetes/api/kind.ts';
import type { AnyKind } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { ApiRequest } from '#kubernetes/api/request.ts';
import type { KeyValue } from '#kubernetes/etcd/version.ts';
import type { Call, ServerContext } from '../context.ts';

/** Who owns fields, and through which door. */
export interface Writer {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource: string;
}

/**
 * What a write leaves beside what it stored: who made it, and when. What that comes to is worked out when somebody
 * asks, or before etcd forgets the version that it was made to; see docs/decisions.
 */
export class WriteNote {
  readonly writer: Writer;
  /** RFC 3339, whole seconds. */
  readonly time: string;
  /** True where the write made the object. */
  readonly isNew: boolean;
  /** The top-level fields as they were asked for, where admission made others of them; null where it did not. */
  readonly asked: Readonly<Record<string, unknown>> | null;
  /** Whose the fields were before, where the client says so itself. */
  readonly base: Ownership | undefined;

  constructor(
    writer: Writer,
    time: string,
    isNew: boolean,
    asked: WriteNote['asked'],
    base: Ownership | undefined,
  ) {
    this.writer = writer;
    this.time = time;
    this.isNew = isNew;
    this.asked = asked;
    this.base = base;
  }
}

/** Whose the fields of a stored version are: a note, or what it came to, in the field manager's own form. */
export type Ownership = object;

/**
 * Keeps `metadata.managedFields`. It comes with the second load. Objects that components read have none: only who
 * asks over a wire is shown them.
 */
export interface FieldManager {
  /** The owners that a client sent in an object's managed fields; undefined where they say nothing that is known. */
  read(sent: NonNullable<KubeObject['metadata']['managedFields']>): Ownership | undefined;
  /** True where the owners that a client sent for an unchanged object are others than it has. */
  differs(base: Ownership, old: KubeObject, call: Call, context: ServerContext): boolean;
  /** `shown`, as which `kind` has the stored `object`, with its managed fields. */
  show(object: KubeObject, shown: KubeObject, kind: AnyKind, context: ServerContext): KubeObject;
  /** The answer to a dry run that would have stored `object` over `old` with that note: it can be shown. */
  tried(
    object: KubeObject,
    old: KubeObject | undefined,
    note: Ownership,
    call: Call,
    context: ServerContext,
  ): KubeObject;
  /** Works out what the version's note comes to, so that the version before it may be forgotten. */
  settle(version: KeyValue<KubeObject>, context: ServerContext): void;
  /** PATCH with an applied configuration. */
  apply(call: Call, context: ServerContext): { object: KubeObject; isNew: boolean };
}

/** Upstream: apimachinery/pkg/apis/meta/v1/validation FieldManagerMaxLength, in bytes. */
const managerLengthMax = 128;

/** Whose fields a write makes: who the request says, else the program that sent it. */
function managerOf({ query, userAgent = '' }: ApiRequest): string {
  const named = query?.['fieldManager'];
  if (named) return named;
  const slash = userAgent.indexOf('/');
  const program = slash < 0 ? userAgent : userAgent.slice(0, slash);
  return program === '' ? 'unknown' : program.slice(0, managerLengthMax);
}

/** The latest plain notes of each manager, one for each door: all that it writes there in one second share it. */
const latest = new Map<string, WriteNote[]>();
const latestMax = 2_000;
/** Doors of one manager. */
const doorsMax = 64;

/** What a write did, in the stored version. */
export interface Written {
  readonly old: KubeObject | undefined;
  /** As it was before admission and the server's own allocations; null where they left it alone. */
  readonly asked: KubeObject | null;
  readonly stored: KubeObject;
}

/** The note of a write; `base` where the client says itself whose the fields were. */
export function noteOf(
  { old, asked, stored }: Written,
  base: Ownership | undefined,
  { request, kind, info }: Call,
  context: ServerContext,
): WriteNote {
  const manager = managerOf(request);
  const apiVersion = apiVersionOf(kind);
  const { subresource } = info;
  const isNew = old === undefined;
  const time = context.timestamp();
  let notes = latest.get(manager);
  if (notes === undefined) {
    if (latest.size >= latestMax) latest.clear();
    notes = [];
    latest.set(manager, notes);
  }
  const at = doorOf(notes, isNew, apiVersion, subresource);
  const last = at < 0 ? undefined : notes[at];
  const changed = asked === null ? null : fieldsBeforeAdmission(asked, stored, kind);
  if (last?.time === time && base === undefined && sameFields(last.asked, changed)) return last;
  const writer = last?.writer ?? { manager, operation: 'Update', apiVersion, subresource };
  const note = new WriteNote(writer, time, isNew, changed, base);
  if (base !== undefined) return note;
  if (at >= 0) notes[at] = note;
  else if (notes.push(note) > doorsMax) notes.shift();
  return note;
}

/** The place of the latest note of such a write; -1 where there is none. */
function doorOf(
  notes: readonly WriteNote[],
  isNew: boolean,
  apiVersion: string,
  subresource: string,
): number {
  for (let at = 0; at < notes.length; at++) {
    const { writer, isNew: wasNew } = notes[at]!;
    if (wasNew === isNew && writer.subresource === subresource && writer.apiVersion === apiVersion) return at;
  }
  return -1;
}

type Fields = Readonly<Record<string, unknown>>;

/** Status apart: no write through the main door sets it. */
function fieldsBeforeAdmission(asked: KubeObject, stored: KubeObject, kind: AnyKind): Fields | null {
  let fields: Record<string, unknown> | null = null;
  const was = asked as unknown as Fields;
  const is = stored as unknown as Fields;
  for (const name in is) {
    if (was[name] !== is[name] && !(name === 'status' && kind.hasStatus)) (fields ??= {})[name] = was[name];
  }
  return fields;
}

function sameFields(a: Fields | null, b: Fields | null): boolean {
  if (a === null || b === null) return a === b;
  for (const name in a) if (a[name] !== b[name]) return false;
  for (const name in b) if (!(name in a)) return false;
  return true;
}

/** The owners that a body's own managed fields name, undefined where it has none: they are kept as they are sent. */
export function sentOwners(
  { metadata }: KubeObject,
  { info }: Call,
  { fieldManager }: ServerContext,
): Ownership | undefined {
  if (metadata.managedFields === undefined || info.subresource !== '') return undefined;
  return fieldManager?.read(metadata.managedFields);
}
