// Upstream: sigs.k8s.io/structured-merge-diff/merge/update.go Update, apimachinery/pkg/util/managedfields
import { type AnyKind, apiVersionOf } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { difference, type FieldSet, noFields } from '#kubernetes/apimachinery/fieldSet.ts';
import { type Comparison, UniqueListChanged } from '#kubernetes/apimachinery/typedCompare.ts';
import type { Fields } from '#kubernetes/apimachinery/typedSchema.ts';
import type { KeyValue } from '#kubernetes/etcd/version.ts';
import type { Call, ServerContext } from '../context.ts';
import { compareObjects, explicitFields } from './objectFields.ts';
import { noOwners, Owners, sameWriter } from './owners.ts';
import { WriteNote } from './ownership.ts';
import { convert, kindInVersion } from './versions.ts';

type Version = KeyValue<KubeObject>;

/**
 * Whose the fields of a version are: what its note and those of the versions before it come to. The version keeps
 * the answer, so that its past may be forgotten.
 */
export function ownersOf(version: Version | undefined, kind: AnyKind, context: ServerContext): Owners {
  if (version === undefined) return noOwners;
  const { value } = version;
  const note = settle(version, kind, context);
  return note instanceof WriteNote ? createdAs(value!, note, kind, context) : note;
}

/**
 * Leaves a note at a version that needs nothing of those before: its owners, or the note of a creation, where the
 * object is as if its one writer had just made it.
 */
export function settle(version: Version, kind: AnyKind, context: ServerContext): Owners | WriteNote {
  const written: Version[] = [];
  let at: Version | undefined = version;
  while (at !== undefined && !isSettled(at)) {
    written.push(at);
    at = at.older;
  }
  let note = (at?.note ?? noOwners) as Owners | WriteNote;
  for (const each of written.toReversed()) note = noteAfter(note, each, kind, context);
  version.note = note;
  return note;
}

export function isSettled({ note }: Version): boolean {
  return note instanceof Owners || (note instanceof WriteNote && note.isNew);
}

function noteAfter(
  before: Owners | WriteNote,
  { value: after, older, note }: Version,
  kind: AnyKind,
  context: ServerContext,
): Owners | WriteNote {
  const was = older?.value;
  if (before instanceof WriteNote && note instanceof WriteNote) {
    const made = madeAnew(before, was!, after!, note, kind);
    if (made !== null) return made;
  }
  const earlier = before instanceof WriteNote ? createdAs(was!, before, kind, context) : before;
  if (!(note instanceof WriteNote)) return earlier;
  const owners = (note.base as Owners | undefined) ?? earlier;
  return ownersAfter({ note, before: was, after: after!, owners, kind }, context);
}

/** The owners of an object that has only been created. */
function createdAs(after: KubeObject, note: WriteNote, kind: AnyKind, context: ServerContext): Owners {
  const owners = (note.base as Owners | undefined) ?? noOwners;
  return ownersAfter({ note, before: undefined, after, owners, kind }, context);
}

/** The latest note of `madeAnew`: all objects of a writer that it touches in one second share it. */
let remade: WriteNote | null = null;

/**
 * The note of a creation that leaves the same owners as a creation and an update, if that is one: the same writer made
 * the object and has only added to it and changed it, as a kubelet does its lease. So these objects, of which every one
 * has fields of its own, keep no sets of them.
 */
function madeAnew(
  creation: WriteNote,
  before: KubeObject,
  after: KubeObject,
  { writer, time, asked, base }: WriteNote,
  kind: AnyKind,
): WriteNote | null {
  const isPlain =
    creation.asked === null && creation.base === undefined && asked === null && base === undefined;
  if (!isPlain || !sameWriter(creation.writer, writer) || writer.apiVersion !== apiVersionOf(kind))
    return null;
  try {
    const { changed, removed } = compareOf(kind, before, after, writer.subresource, false);
    if (removed !== noFields) return null;
    if (changed === noFields) return creation;
  } catch (error) {
    if (error instanceof UniqueListChanged) return null;
    throw error;
  }
  if (remade?.time !== time || !sameWriter(remade.writer, writer))
    remade = new WriteNote(creation.writer, time, true, null, undefined);
  return remade;
}

const nothing = {} as KubeObject;

export interface Write {
  readonly note: WriteNote;
  /** Both as they are stored; undefined where the object is new. */
  readonly before: KubeObject | undefined;
  readonly after: KubeObject;
  readonly owners: Owners;
  /** The kind that is stored. */
  readonly kind: AnyKind;
}

/** What creations come to, by their fields: those of one writer in one second share it. */
const creations = new WeakMap<WriteNote, Map<FieldSet, Owners>>();

function createdBy(note: WriteNote, fields: FieldSet): Owners {
  let known = creations.get(note);
  if (known === undefined) {
    known = new Map();
    creations.set(note, known);
  }
  let owners = known.get(fields);
  if (owners === undefined) {
    owners = new Owners([{ writer: note.writer, time: note.time, fields }]);
    known.set(fields, owners);
  }
  return owners;
}

/** Whose the fields are after a write that was no apply: what it changed is its writer's. */
export function ownersAfter({ note, before, after, owners, kind }: Write, context: ServerContext): Owners {
  const { writer, time } = note;
  const asked = note.asked === null ? after : ({ ...after, ...note.asked } as KubeObject);
  const own = kindInVersion(kind, writer.apiVersion, context);
  if (own === undefined) return owners;
  const [was, is] = [before ?? nothing, asked].map((each) =>
    each === nothing ? each : convert(each, kind, own),
  ) as [KubeObject, KubeObject];
  let current = owners;
  let comparison: Comparison;
  try {
    comparison = compareOf(own, was, is, writer.subresource, false);
  } catch (error) {
    if (!(error instanceof UniqueListChanged)) throw error;
    current = owners.map((fields) => explicitFields(kind, fields, before!));
    comparison = compareOf(own, was, is, writer.subresource, true);
  }
  const { changed, removed } = comparison;
  if (changed === noFields && removed === noFields) return owners;
  if (current === noOwners && removed === noFields) return createdBy(note, changed);
  const { apiVersion } = writer;
  if (current.list.some((owner) => owner.writer.apiVersion !== apiVersion))
    current = lostInOtherVersions(current, own, was, is, writer.subresource, context);
  return current.after(writer, time, changed, removed);
}

function compareOf(
  kind: AnyKind,
  before: KubeObject,
  after: KubeObject,
  subresource: string,
  explicit: boolean,
): Comparison {
  return compareObjects(kind, before as unknown as Fields, after as unknown as Fields, subresource, explicit);
}

/** Takes what a write changed from owners that know the object in another version; those of unknown versions go. */
function lostInOtherVersions(
  owners: Owners,
  kind: AnyKind,
  before: KubeObject,
  after: KubeObject,
  subresource: string,
  context: ServerContext,
): Owners {
  return owners.map((fields, { writer }) => {
    if (writer.apiVersion === apiVersionOf(kind)) return fields;
    const other = kindInVersion(kind, writer.apiVersion, context);
    if (other === undefined) return noFields;
    const [was, is] = [before, after].map((each) => convert(each, kind, other)) as [KubeObject, KubeObject];
    const { changed, removed } = compareOf(other, was, is, subresource, true);
    return difference(difference(fields, changed), removed);
  });
}

/** Whose the fields of a stored object are, every item named by its keys. */
export function liveOwners(object: KubeObject, { stored }: Call, context: ServerContext): Owners {
  return writtenOut(ownersOf(context.storage.versionOf(stored, object), stored, context), stored, object);
}

/** Owners with every item named by its keys in `object`. */
export function writtenOut(owners: Owners, kind: AnyKind, object: KubeObject): Owners {
  return owners.isPositional ? owners.map((fields) => explicitFields(kind, fields, object)) : owners;
}
