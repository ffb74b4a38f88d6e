// Upstream: kubectl/pkg/cmd/auth/cani.go
import type {
  SelfSubjectAccessReview,
  SelfSubjectRulesReview,
  SubjectRulesReviewStatus,
} from '#generated/types/authorization.v1.ts';
import { selfSubjectAccessReviews, selfSubjectRulesReviews } from '#kubernetes/api/authorization/reviews.ts';
import type { Command } from '../../command.ts';
import { CommandError, Exit } from '../../errors.ts';
import { bool, text } from '../../flags.ts';
import type { Invocation } from '../../invocation.ts';
import { TableWriter } from '../../output/table.ts';
import { ruleRows } from '../../ruleRows.ts';
import { ask } from './review.ts';

const resourceVerbs = [
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
  'use',
  'bind',
  'impersonate',
  '*',
  'approve',
  'sign',
  'escalate',
  'attest',
];
const urlVerbs = ['get', 'put', 'post', 'head', 'options', 'delete', 'patch', '*'];
/** What discovery does not know, and rules may name. */
const undiscovered = ['users', 'groups'];

export const canI: Command = {
  name: 'can-i',
  summary: 'Check whether an action is allowed',
  long: `Check whether an action is allowed.

 VERB is a logical Kubernetes API verb like 'get', 'list', 'watch', 'delete', etc. TYPE is a Kubernetes resource. Shortcuts and groups will be resolved. NONRESOURCEURL is a partial URL that starts with "/". NAME is the name of a particular Kubernetes resource. This command pairs nicely with impersonation. See --as global flag.`,
  examples: [
    ['Check to see if I can create pods in any namespace', 'kubectl auth can-i create pods --all-namespaces'],
    [
      'Check to see if I can list deployments in my current namespace',
      'kubectl auth can-i list deployments.apps',
    ],
    [
      'Check to see if service account "foo" of namespace "dev" can list pods in the namespace "prod"',
      'kubectl auth can-i list pods --as=system:serviceaccount:dev:foo -n prod',
    ],
    [
      'Check to see if I can do everything in my current namespace ("*" means all)',
      "kubectl auth can-i '*' '*'",
    ],
    ['Check to see if I can read pod logs', 'kubectl auth can-i get pods --subresource=log'],
    ['List all allowed actions in namespace "foo"', 'kubectl auth can-i --list --namespace=foo'],
  ],
  usage: 'auth can-i VERB [TYPE | TYPE/NAME | NONRESOURCEURL]',
  flags: [
    bool('all-namespaces', 'If true, check the specified action in all namespaces.', { short: 'A' }),
    bool('list', 'If true, prints all allowed actions.'),
    bool('no-headers', 'If true, prints allowed actions without headers'),
    bool('quiet', 'If true, suppress output and just return the exit code.', { short: 'q' }),
    text('subresource', 'SubResource such as pod/log or deployment/scale'),
  ],
  async run(invocation) {
    const { flags } = invocation;
    if (flags.bool('list')) return listAll(invocation);
    const isAllowed = await check(invocation);
    if (!isAllowed) throw new Exit(1);
  },
};

async function check(invocation: Invocation): Promise<boolean> {
  const { args, flags } = invocation;
  const [verb = '', what = ''] = args;
  if (args.length !== 2) {
    throw new CommandError(
      "you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.",
    );
  }
  const spec = what.startsWith('/')
    ? await urlQuestion(invocation, verb, what)
    : await resourceQuestion(invocation, verb, what);
  if (flags.bool('no-headers')) throw new CommandError('--no-headers cannot be set without --list specified');
  const { status } = await ask<SelfSubjectAccessReview>(invocation, selfSubjectAccessReviews, { spec });
  if (!flags.bool('quiet')) {
    const why = [status.reason, status.evaluationError].filter((one) => one).map((one) => ` - ${one}`);
    await invocation.out(status.allowed ? 'yes\n' : `no${why.join('')}\n`);
  }
  return status.allowed;
}

async function urlQuestion(invocation: Invocation, verb: string, path: string): Promise<object> {
  if (invocation.flags.text('subresource') !== '')
    throw new CommandError('--subresource can not be used with NonResourceURL');
  if (!urlVerbs.includes(verb)) await invocation.warn(`verb '${verb}' is not a known verb\n`);
  return { nonResourceAttributes: { path, verb } };
}

async function resourceQuestion(invocation: Invocation, verb: string, what: string): Promise<object> {
  const { flags } = invocation;
  const slash = what.indexOf('/');
  const type = slash < 0 ? what : what.slice(0, slash);
  const isEverywhere = flags.bool('all-namespaces');
  const { resource, group, namespaced } = await find(invocation, type);
  if (!isEverywhere) {
    if (namespaced === false) {
      const where = group === '' ? '' : ` in group '${group}'`;
      await invocation.warn(`resource '${resource}' is not namespace scoped${where}\n`);
    }
    if (!resourceVerbs.includes(verb)) await invocation.warn(`verb '${verb}' is not a known verb\n`);
  }
  return {
    resourceAttributes: {
      ...(!isEverywhere && { namespace: invocation.namespace }),
      verb,
      ...(group !== '' && { group }),
      resource,
      ...(flags.text('subresource') !== '' && { subresource: flags.text('subresource') }),
      ...(slash >= 0 && { name: what.slice(slash + 1) }),
    },
  };
}

interface Found {
  readonly resource: string;
  readonly group: string;
  /** Undefined for what discovery does not know. */
  readonly namespaced?: boolean;
}

/** The resource that is meant; as it is typed when the server has none, which is said. */
async function find(invocation: Invocation, type: string): Promise<Found> {
  if (type === '*') return { resource: type, group: '' };
  const found = (await invocation.mapper()).find(type);
  if (found !== undefined)
    return { resource: found.plural, group: found.group, namespaced: found.namespaced };
  const [name = '', ...rest] = type.toLowerCase().split('.');
  const group = rest.join('.');
  if (!undiscovered.includes(type.toLowerCase())) {
    const where = group === '' ? '' : ` in group '${group}'`;
    await invocation.warn(`the server doesn't have a resource type '${name}'${where}\n`);
  }
  return { resource: type, group: '' };
}

async function listAll(invocation: Invocation): Promise<void> {
  const { args, flags } = invocation;
  if (args.length > 0) throw new CommandError('list option must be specified with no arguments');
  if (flags.bool('quiet') || flags.bool('all-namespaces') || flags.text('subresource') !== '') {
    throw new CommandError(
      "list option can't be specified with neither quiet, all-namespaces nor subresource options",
    );
  }
  const spec = { namespace: invocation.namespace };
  const { status } = await ask<SelfSubjectRulesReview>(invocation, selfSubjectRulesReviews, { spec });
  if (status.incomplete) await invocation.warn(`the list may be incomplete: ${status.evaluationError ?? ''}`);
  await invocation.out(tableOf(status, flags.bool('no-headers')));
}

function tableOf(
  { resourceRules, nonResourceRules }: SubjectRulesReviewStatus,
  hasNoHeaders: boolean,
): string {
  const writer = new TableWriter();
  if (!hasNoHeaders) writer.add(['Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs']);
  for (const row of ruleRows([...resourceRules, ...nonResourceRules])) writer.add(row.split('\t'));
  return writer.flush();
}
