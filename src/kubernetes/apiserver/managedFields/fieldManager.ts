// Upstream: apimachinery/pkg/util/managedfields/internal/fieldmanager.go
import type { ManagedFieldsEntry } from '#generated/types/meta.v1.ts';
import type { AnyKind } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { apply } from '../verbs/apply.ts';
import type { Call, ServerContext } from '../context.ts';
import { noOwners, Owners, readOwners, sameOwners } from './owners.ts';
import { isSettled, liveOwners, ownersAfter, ownersOf, settle, writtenOut } from './ownerHistory.ts';
import { type FieldManager, WriteNote } from './ownership.ts';

/** What was shown, so that it need not be read when it comes back. */
const shownOwners = new WeakMap<readonly ManagedFieldsEntry[], Owners>();
/** Whose the fields are of objects that were only tried. */
const triedOwners = new WeakMap<KubeObject, Owners>();

/** Stored objects as they were shown: lists show the same ones over and over. */
const shownBefore = new WeakMap<KubeObject, KubeObject>();

export const fieldManager: FieldManager = {
  apply,
  read: (sent) => shownOwners.get(sent) ?? readOwners(sent),
  differs: (base, old, call, context) => !sameOwners(base as Owners, liveOwners(old, call, context)),
  settle(version, context) {
    if (isSettled(version)) return;
    const { value } = version;
    const kind = value === undefined ? undefined : kindOf(value, context);
    if (kind !== undefined) settle(version, kind, context);
  },
  tried(object, old, note, call, context) {
    const answer = { ...object };
    triedOwners.set(
      answer,
      note instanceof Owners ? note : triedBy(note as WriteNote, object, old, call, context),
    );
    return answer;
  },
  show(object, shown, kind, context) {
    const isStoredForm = shown === object;
    const before = isStoredForm ? shownBefore.get(object) : undefined;
    if (before !== undefined) return before;
    const stored = kind.storage?.kind ?? kind;
    const tried = triedOwners.get(object);
    const version = context.storage.versionOf(stored, object);
    // Worked out when somebody looks: most readers of an answer do not.
    const metadata = {
      ...shown.metadata,
      get managedFields(): readonly ManagedFieldsEntry[] | undefined {
        const owners = tried ?? ownersOf(version, stored, context);
        if (owners.list.length === 0) return shown.metadata.managedFields;
        const { entries } = writtenOut(owners, stored, object);
        shownOwners.set(entries, owners);
        return entries;
      },
    };
    const answer = { ...shown, metadata };
    if (isStoredForm) shownBefore.set(object, answer);
    return answer;
  },
};

function triedBy(
  note: WriteNote,
  after: KubeObject,
  old: KubeObject | undefined,
  call: Call,
  context: ServerContext,
): Owners {
  const earlier = old === undefined ? noOwners : liveOwners(old, call, context);
  const owners = (note.base as Owners | undefined) ?? earlier;
  return ownersAfter({ note, before: old, after, owners, kind: call.stored }, context);
}

function kindOf({ apiVersion, kind }: KubeObject, { kinds }: ServerContext): AnyKind | undefined {
  return kinds.findKind(apiVersion, kind);
}
