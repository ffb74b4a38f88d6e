// Upstream: kubectl/pkg/cmd/apply/apply.go, client-go/util/csaupgrade/upgrade.go
import type { ManagedFieldsEntry } from '#generated/types/meta.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { difference, fieldSetOf, intersection, noFields, union } from '#kubernetes/apimachinery/fieldSet.ts';
import { decodeFields, encodeFields } from '#kubernetes/apimachinery/fieldsV1.ts';
import { isStatus, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { CommandError } from './errors.ts';
import { bool, type Flag } from './flags.ts';
import type { Invocation } from './invocation.ts';
import { lastAppliedAnnotation } from './lastApplied.ts';
import type { Target } from './target.ts';
import { dryRunQuery, fieldValidationOf, type DryRun } from './writing.ts';

export const serverSideFlags: readonly Flag[] = [
  bool('server-side', 'If true, apply runs in the server instead of the client.'),
  bool('force-conflicts', 'If true, server-side apply will force the changes against conflicts.'),
];

const ownManager = 'kubectl';
/** Who keeps the annotation of client-side apply when nobody else applies it. */
const annotationManager = 'kubectl-last-applied';
/** How often the migration is tried again when the object changes meanwhile. Upstream: maxPatchRetry. */
const retriesMax = 5;

/** The manager that an apply or diff writes as: `kubectl` on the server's side, if nobody says otherwise. */
export function applyManagerOf({ flags }: Invocation): string {
  return flags.bool('server-side') && !flags.changed('field-manager')
    ? ownManager
    : flags.text('field-manager');
}

/** Refuses flags that do not go together. */
export function checkServerSide({ flags }: Invocation, dryRun: DryRun = 'none'): void {
  const serverSide = flags.bool('server-side');
  if (flags.bool('force-conflicts') && !serverSide)
    throw new CommandError('--force-conflicts only works with --server-side');
  if (!serverSide) return;
  if (dryRun === 'client') {
    throw new CommandError(
      "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)",
    );
  }
  if (flags.bool('force')) throw new CommandError('--force cannot be used with --server-side');
}

/** Applies one object in the server. An object that client-side apply made becomes this one's. */
export async function applyServerSide(
  invocation: Invocation,
  target: Target,
  dryRun: DryRun,
): Promise<KubeObject> {
  const { flags } = invocation;
  const subresource = flags.text('subresource');
  const force = String(flags.bool('force-conflicts'));
  const send = () =>
    patch(invocation, target, target.object, {
      manager: applyManagerOf(invocation),
      force,
      dryRun,
      subresource,
    });
  let applied: KubeObject;
  try {
    applied = await send();
  } catch (error) {
    throw isStatus(error, 'Conflict') ? withHelp(error) : error;
  }
  if (subresource !== '' || dryRun !== 'none') return applied;
  const kept = await keepAnnotation(invocation, target, applied);
  return (await migrate(invocation, target, kept)) === null ? kept : await send();
}

interface Options {
  readonly manager: string;
  readonly force?: string;
  readonly dryRun?: DryRun;
  readonly subresource?: string;
}

async function patch(
  invocation: Invocation,
  { resource, namespace, name }: Target,
  config: unknown,
  { manager, force, dryRun = 'none', subresource = '' }: Options,
): Promise<KubeObject> {
  const query = {
    ...dryRunQuery(dryRun),
    fieldManager: manager,
    fieldValidation: fieldValidationOf(invocation),
    force,
  };
  const options = { type: 'apply', query, ...(subresource !== '' && { subresource }) } as const;
  return await invocation.client.patch(resource, namespace, name, config, options);
}

function withHelp(error: StatusError): CommandError {
  return new CommandError(`${error.message}
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`);
}

const annotationField = fieldSetOf('f:metadata', 'f:annotations', `f:${lastAppliedAnnotation}`);

function ownsAnnotation({ fieldsV1, subresource }: ManagedFieldsEntry): boolean {
  const fields = decodeFields(fieldsV1);
  return !subresource && fields !== undefined && intersection(fields, annotationField) !== noFields;
}

/** The annotation of client-side apply stays, though kubectl no longer applies it: it gets an owner of its own. */
async function keepAnnotation(
  invocation: Invocation,
  target: Target,
  object: KubeObject,
): Promise<KubeObject> {
  const text = object.metadata.annotations?.[lastAppliedAnnotation];
  if (text === undefined || applyManagerOf(invocation) !== ownManager) return object;
  const entries = object.metadata.managedFields ?? [];
  if (entries.some((entry) => entry.operation === 'Apply' && ownsAnnotation(entry))) return object;
  const { name, namespace } = object.metadata;
  const config = {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: { name, ...(namespace && { namespace }), annotations: { [lastAppliedAnnotation]: text } },
  };
  return await patch(invocation, target, config, { manager: annotationManager });
}

/** Makes what client-side apply owns the apply manager's; null where there is nothing to do. */
async function migrate(
  invocation: Invocation,
  target: Target,
  object: KubeObject,
): Promise<KubeObject | null> {
  const { resource, namespace, name } = target;
  let current = object;
  for (let attempt = 0; ; attempt++) {
    const managedFields = upgraded(current.metadata.managedFields ?? [], applyManagerOf(invocation));
    if (managedFields === null) return null;
    const steps = [
      { op: 'replace', path: '/metadata/managedFields', value: managedFields },
      { op: 'replace', path: '/metadata/resourceVersion', value: current.metadata.resourceVersion },
    ];
    try {
      const query = { fieldManager: applyManagerOf(invocation) };
      return await invocation.client.patch(resource, namespace, name, steps, { type: 'json', query });
    } catch (error) {
      if (!isStatus(error, 'Conflict') || attempt >= retriesMax) throw error;
      current = await invocation.client.get(resource, namespace, name);
    }
  }
}

/** The entries with those of client-side apply turned into, or added to, the apply manager's; null without any. */
function upgraded(entries: readonly ManagedFieldsEntry[], manager: string): ManagedFieldsEntry[] | null {
  const clientSide = entries.filter((entry) => entry.operation === 'Update' && ownsAnnotation(entry));
  const names = new Set(clientSide.map((entry) => entry.manager));
  const isClientSide = (entry: ManagedFieldsEntry) =>
    entry.operation === 'Update' && !entry.subresource && names.has(entry.manager);
  const own = entries.find(
    (entry) => entry.manager === manager && entry.operation === 'Apply' && !entry.subresource,
  );
  const first = own ?? entries.find(isClientSide);
  if (first === undefined || names.size === 0) return null;
  const added = entries.find((entry) => isClientSide(entry) && entry.apiVersion === first.apiVersion);
  const [mine, theirs] = [first, added].map((entry) => decodeFields(entry?.fieldsV1) ?? noFields);
  const fields = difference(union(mine!, theirs!), annotationField);
  const merged = { ...first, manager, operation: 'Apply', fieldsV1: encodeFields(fields) };
  return entries.flatMap((entry) => (entry === first ? [merged] : isClientSide(entry) ? [] : [entry]));
}
