// Upstream: kubectl/pkg/cmd/create/{create_quota,create_pdb,create_priorityclass}.go
import { CommandError } from '../../errors.ts';
import { bool, int, text } from '../../flags.ts';
import { newMetadata, subcommandOf } from './generator.ts';

export const createQuota = subcommandOf({
  name: 'quota',
  aliases: ['resourcequota'],
  summary: 'Create a quota with the specified name',
  usage:
    'quota NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] [--dry-run=server|client|none]',
  example: [
    'Create a new resource quota named my-quota',
    'kubectl create quota my-quota --hard=cpu=1,memory=1G,pods=2,services=3',
  ],
  resource: { group: '', version: 'v1', plural: 'resourcequotas', namespaced: true },
  flags: [
    text('hard', 'A comma-delimited set of resource=quantity pairs that define a hard limit.'),
    text(
      'scopes',
      'A comma-delimited set of quota scopes that must all match each object tracked by the quota.',
    ),
  ],
  failure: 'failed to create quota: ',
  compose({ flags }, name) {
    const pairs = flags
      .text('hard')
      .split(',')
      .filter((pair) => pair !== '')
      .map((pair) => {
        const [key = '', value] = pair.split('=');
        if (value === undefined)
          throw new CommandError(`Invalid argument syntax ${pair}, expected <resource>=<value>`);
        return [key, value];
      });
    const scopes = flags
      .text('scopes')
      .split(',')
      .filter((scope) => scope !== '');
    const spec = {
      ...(pairs.length > 0 && { hard: Object.fromEntries(pairs) as object }),
      ...(scopes.length > 0 && { scopes }),
    };
    return { kind: 'ResourceQuota', apiVersion: 'v1', metadata: newMetadata(name), spec, status: {} };
  },
});

export const createPodDisruptionBudget = subcommandOf({
  name: 'poddisruptionbudget',
  aliases: ['pdb'],
  summary: 'Create a pod disruption budget with the specified name',
  usage: 'poddisruptionbudget NAME --selector=SELECTOR --min-available=N [--dry-run=server|client|none]',
  example: [
    'Require at least one pod with the app=rails label to be available',
    'kubectl create poddisruptionbudget my-pdb --selector=app=rails --min-available=1',
  ],
  resource: { group: 'policy', version: 'v1', plural: 'poddisruptionbudgets', namespaced: true },
  flags: [
    text('selector', 'A label selector to use for this budget.'),
    text('min-available', 'The minimum number or percentage of available pods this budget requires.'),
    text('max-unavailable', 'The maximum number or percentage of unavailable pods this budget requires.'),
  ],
  failure: 'failed to create pdb: ',
  compose({ flags }, name) {
    const selector = flags.text('selector');
    if (selector === '') throw new CommandError('a selector must be specified');
    const least = flags.text('min-available');
    const most = flags.text('max-unavailable');
    if (least === '' && most === '')
      throw new CommandError('one of min-available or max-unavailable must be specified');
    if (least !== '' && most !== '')
      throw new CommandError('min-available and max-unavailable cannot be both specified');
    for (const [flag, given] of [
      ['min-available', least],
      ['max-unavailable', most],
    ] as const) {
      if (given !== '' && !/^\d+%?$/.test(given))
        throw new CommandError(`invalid format specified for ${flag}`);
    }
    const amount = (value: string) => (/^\d+$/.test(value) ? Number(value) : value);
    const matchLabels = Object.fromEntries(selector.split(',').map((pair) => pair.split('=')));
    return {
      kind: 'PodDisruptionBudget',
      apiVersion: 'policy/v1',
      metadata: newMetadata(name),
      spec: {
        ...(least && { minAvailable: amount(least) }),
        selector: { matchLabels },
        ...(most && { maxUnavailable: amount(most) }),
      },
      status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
    };
  },
});

export const createPriorityClass = subcommandOf({
  name: 'priorityclass',
  aliases: ['pc'],
  summary: 'Create a priority class with the specified name',
  usage: 'priorityclass NAME --value=VALUE --global-default=BOOL [--dry-run=server|client|none]',
  example: [
    'Create a priority class named high-priority',
    'kubectl create priorityclass high-priority --value=1000 --description="high priority"',
  ],
  resource: { group: 'scheduling.k8s.io', version: 'v1', plural: 'priorityclasses', namespaced: false },
  flags: [
    int('value', 'the value of this priority class.'),
    bool(
      'global-default',
      'global-default specifies whether this PriorityClass should be considered as the default priority.',
    ),
    text('description', 'description is an arbitrary string that usually provides guidelines.'),
    text('preemption-policy', 'preemption-policy is the policy for preempting pods with lower priority.', {
      initial: 'PreemptLowerPriority',
    }),
  ],
  failure: 'failed to create priorityclass: ',
  compose({ flags }, name) {
    return {
      kind: 'PriorityClass',
      apiVersion: 'scheduling.k8s.io/v1',
      metadata: newMetadata(name),
      value: flags.int('value'),
      ...(flags.bool('global-default') && { globalDefault: true }),
      ...(flags.text('description') && { description: flags.text('description') }),
      preemptionPolicy: flags.text('preemption-policy'),
    };
  },
});
