// Upstream: kubectl/pkg/cmd/set/set_resources.go
import type { Command } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { text } from '../../flags.ts';
import { canonicalQuantity } from '#kubernetes/apimachinery/quantity.ts';
import { modifyTargets } from '../../modifying.ts';
import { mapContainers, matchesName } from '../../podSpecOf.ts';
import { setFlags } from './setFlags.ts';

type Amounts = Readonly<Record<string, string>>;

function readAmounts(list: string): Amounts | undefined {
  if (list === '') return undefined;
  const pairs = list.split(',').map((pair) => {
    const [name = '', amount, more] = pair.split('=');
    if (amount === undefined || more !== undefined)
      throw new CommandError(`Invalid argument syntax ${pair}, expected <resource>=<quantity>`);
    return [name, canonicalQuantity(amount)] as const;
  });
  return Object.fromEntries(pairs);
}

export const setResources: Command = {
  name: 'resources',
  summary: 'Update resource requests/limits on objects with pod templates',
  examples: [
    [
      'Set a deployments nginx container cpu limits to "200m" and memory to "512Mi"',
      'kubectl set resources deployment nginx -c=nginx --limits=cpu=200m,memory=512Mi',
    ],
  ],
  usage: 'set resources (-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS]',
  arguments: 'resources',
  flags: [
    ...setFlags,
    text(
      'containers',
      'The names of containers in the selected pod templates to change, all containers are selected by default - may use wildcards',
      { short: 'c', initial: '*' },
    ),
    text(
      'limits',
      "The resource requirement requests for this container.  For example, 'cpu=100m,memory=256Mi'.",
    ),
    text(
      'requests',
      "The resource requirement requests for this container.  For example, 'cpu=100m,memory=256Mi'.",
    ),
  ],
  async run(invocation) {
    const { flags, args } = invocation;
    const limits = readAmounts(flags.text('limits'));
    const requests = readAmounts(flags.text('requests'));
    if (!limits && !requests)
      throw new CommandError(
        'you must specify an update to requests or limits (in the form of --requests/--limits)',
      );
    await modifyTargets(invocation, { args }, 'resource requirements updated', ({ object }) =>
      mapContainers(object, (container) => {
        if (!matchesName(flags.text('containers'), container.name)) return container;
        const { resources = {} } = container;
        const next = {
          ...resources,
          ...(limits && { limits: { ...resources.limits, ...limits } }),
          ...(requests && { requests: { ...resources.requests, ...requests } }),
        };
        return { ...container, resources: next };
      }),
    );
  },
};
