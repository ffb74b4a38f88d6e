// Upstream: kubectl/pkg/cmd/auth/reconcile.go, component-helpers/auth/rbac/reconciliation
import type { PolicyRule, RoleRef, Subject } from '#generated/types/rbac.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { uncoveredRules } from '#kubernetes/api/rbac/policyRules.ts';
import { defaultBinding, rbacGroup } from '#kubernetes/api/rbac/ruleValidation.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import type { Command } from '../../command.ts';
import { CommandError, throwAll } from '../../errors.ts';
import { bool } from '../../flags.ts';
import type { Invocation } from '../../invocation.ts';
import { printFlags } from '../../output/printer.ts';
import type { Target } from '../../target.ts';
import { fileFlags, targetsOf } from '../../targets.ts';
import { dryRunFlag, dryRunOf, resultPrinter } from '../../writing.ts';

const autoupdate = 'rbac.authorization.kubernetes.io/autoupdate';

export const reconcile: Command = {
  name: 'reconcile',
  summary: 'Reconciles rules for RBAC role, role binding, cluster role, and cluster role binding objects',
  examples: [['Reconcile RBAC resources from a file', 'kubectl auth reconcile -f my-rbac-rules.yaml']],
  usage: 'auth reconcile -f FILENAME',
  flags: [
    ...fileFlags,
    ...printFlags,
    dryRunFlag,
    bool('remove-extra-permissions', 'If true, removes extra permissions added to roles'),
    bool('remove-extra-subjects', 'If true, removes extra subjects added to rolebindings'),
  ],
  async run(invocation) {
    const { flags, args } = invocation;
    if (flags.list('filename').length === 0) throw new CommandError('must specify one of -f and -k');
    if (args.length > 0) throw new CommandError('no arguments are allowed');
    const dryRun = await dryRunOf(invocation);
    if (dryRun === 'server')
      throw new CommandError('--dry-run=server for command reconcile is not supported yet');
    const { targets, errors } = await targetsOf(invocation, { args });
    const print = resultPrinter(invocation, dryRun);
    for (const target of targets) {
      if (target.resource.group !== rbacGroup) continue;
      try {
        const result = await reconcileOne(invocation, target, dryRun === 'none');
        await print(result.object, 'reconciled');
        for (const line of result.lines) await invocation.err(`\t${line}\n`);
      } catch (error) {
        errors.push(error);
      }
    }
    throwAll(errors);
  },
};

interface Result {
  readonly object: KubeObject;
  /** What was done, beside the object's own line. */
  readonly lines: readonly string[];
}

type Policy = KubeObject & {
  readonly rules?: readonly PolicyRule[];
  readonly aggregationRule?: unknown;
  readonly subjects?: readonly Subject[];
  readonly roleRef?: RoleRef;
};

async function reconcileOne(invocation: Invocation, target: Target, writes: boolean): Promise<Result> {
  const { client, flags } = invocation;
  const { resource, namespace } = target;
  const given = target.object as Policy;
  const wanted = given.roleRef === undefined ? given : defaultBinding({ ...given, roleRef: given.roleRef });
  const old = await client.find<Policy>(resource, namespace, target.name);
  if (old === null) {
    if (writes && namespace !== '') await ensureNamespace(invocation, namespace);
    const made = writes ? await client.create<Policy>(resource, namespace, wanted) : wanted;
    return { object: made, lines: ['reconciliation required create', ...changes(wanted, {}, flags)] };
  }
  const caveat =
    old.metadata.annotations?.[autoupdate] === 'false' ? `, but object opted out (${autoupdate}: false)` : '';
  const mayWrite = writes && caveat === '';
  if (wanted.roleRef !== undefined && !deepEqual(wanted.roleRef, old.roleRef)) {
    if (mayWrite) await client.delete(resource, namespace, target.name, {});
    const made = mayWrite ? await client.create<Policy>(resource, namespace, wanted) : wanted;
    return {
      object: made,
      lines: [`reconciliation required recreate${caveat}`],
    };
  }
  const next = merged(wanted, old, flags);
  if (deepEqual(next, old)) return { object: old, lines: [] };
  const written = mayWrite ? await client.replace<Policy>(resource, namespace, target.name, next) : next;
  return {
    object: written,
    lines: [`reconciliation required update${caveat}`, ...changes(wanted, old, flags)],
  };
}

type Flags = Invocation['flags'];

function merged(wanted: Policy, old: Policy, flags: Flags): Policy {
  const metadata = {
    ...old.metadata,
    ...(wanted.metadata.labels && { labels: { ...old.metadata.labels, ...wanted.metadata.labels } }),
    ...(wanted.metadata.annotations && {
      annotations: { ...old.metadata.annotations, ...wanted.metadata.annotations },
    }),
  };
  if (wanted.roleRef !== undefined) {
    const { missing, extra } = subjectChanges(wanted, old);
    const kept = flags.bool('remove-extra-subjects')
      ? (old.subjects ?? []).filter((subject) => !extra.includes(subject))
      : (old.subjects ?? []);
    return { ...old, metadata, subjects: [...kept, ...missing] };
  }
  const { missing, extra } = ruleChanges(wanted, old);
  const isReplaced = flags.bool('remove-extra-permissions') && extra.length > 0;
  const rules = isReplaced ? (wanted.rules ?? []) : [...(old.rules ?? []), ...missing];
  return {
    ...old,
    metadata,
    ...(wanted.aggregationRule !== undefined && { aggregationRule: wanted.aggregationRule }),
    ...(wanted.aggregationRule === undefined && (rules.length > 0 || old.rules !== undefined) && { rules }),
  };
}

function ruleChanges(wanted: Partial<Policy>, old: Partial<Policy>) {
  const [asked, held] = [wanted.rules ?? [], old.rules ?? []];
  return { missing: uncoveredRules(held, asked), extra: uncoveredRules(asked, held) };
}

function subjectChanges(wanted: Partial<Policy>, old: Partial<Policy>) {
  const [asked, held] = [wanted.subjects ?? [], old.subjects ?? []];
  const lacks = (list: readonly Subject[], subject: Subject) => !list.some((one) => deepEqual(one, subject));
  return {
    missing: asked.filter((subject) => lacks(held, subject)),
    extra: held.filter((subject) => lacks(asked, subject)),
  };
}

function changes(wanted: Policy, old: Partial<Policy>, flags: Flags): string[] {
  const part = (title: string, list: readonly string[]) =>
    list.length === 0 ? [] : [title, ...list.map((one) => `\t${one}`)];
  const subjects = wanted.roleRef === undefined ? { missing: [], extra: [] } : subjectChanges(wanted, old);
  const rules = wanted.roleRef === undefined ? ruleChanges(wanted, old) : { missing: [], extra: [] };
  return [
    ...part('missing subjects added:', subjects.missing.map(formatSubject)),
    ...(flags.bool('remove-extra-subjects')
      ? part('extra subjects removed:', subjects.extra.map(formatSubject))
      : []),
    ...part('missing rules added:', rules.missing.map(formatRule)),
    ...(flags.bool('remove-extra-permissions')
      ? part('extra rules removed:', rules.extra.map(formatRule))
      : []),
  ];
}

/** Go's %+v of the two types. */
function formatSubject({ kind, apiGroup = '', name, namespace = '' }: Subject): string {
  return `{Kind:${kind} APIGroup:${apiGroup} Name:${name} Namespace:${namespace}}`;
}

function formatRule({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): string {
  const list = (values: readonly string[] = []) => `[${values.join(' ')}]`;
  return `{Verbs:${list(verbs)} APIGroups:${list(apiGroups)} Resources:${list(resources)} ResourceNames:${list(resourceNames)} NonResourceURLs:${list(nonResourceURLs)}}`;
}

/** Upstream makes the namespace of what it creates. */
async function ensureNamespace(invocation: Invocation, name: string): Promise<void> {
  const namespaces = (await invocation.mapper()).get('', 'namespaces');
  try {
    await invocation.client.create(namespaces, '', {
      kind: 'Namespace',
      apiVersion: 'v1',
      metadata: { name },
    });
  } catch (error) {
    if (!isStatus(error, 'AlreadyExists') && !isStatus(error, 'Forbidden')) throw error;
  }
}
