// Upstream: kubectl/pkg/cmd/set/{set_selector,set_serviceaccount}.go
import type { Service } from '#generated/types/core.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { Command } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { modifyTargets } from '../../modifying.ts';
import { podSpecOf, withPodSpec } from '../../podSpecOf.ts';
import { setFlags } from './setFlags.ts';

export const setSelector: Command = {
  name: 'selector',
  summary: 'Set the selector on a resource',
  long: "Set the selector on a resource. Note that the new selector will overwrite the old selector if the resource had one prior to the invocation of 'set selector'.",
  examples: [['Set the selector on a service', "kubectl set selector service my-svc 'environment=qa'"]],
  usage: 'set selector (-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version]',
  arguments: 'resources',
  flags: setFlags,
  async run(invocation) {
    const expression = invocation.args.at(-1) ?? '';
    const args = invocation.args.slice(0, -1);
    const selector = Object.fromEntries(expression.split(',').map((pair) => pair.split('=')));
    await modifyTargets(invocation, { args }, 'selector updated', ({ object }) => {
      if (object.kind !== 'Service')
        throw new CommandError('setting a selector is only supported for Services');
      const { spec } = object as Service;
      return { ...object, spec: { ...spec, selector } } as KubeObject;
    });
  },
};

export const setServiceAccount: Command = {
  name: 'serviceaccount',
  aliases: ['sa'],
  summary: 'Update the service account of a resource',
  long: 'Update the service account of pod template resources.',
  examples: [
    [
      "Set deployment nginx-deployment's service account to serviceaccount1",
      'kubectl set serviceaccount deployment nginx-deployment serviceaccount1',
    ],
  ],
  usage: 'set serviceaccount (-f FILENAME | TYPE NAME) SERVICE_ACCOUNT',
  arguments: 'resources',
  flags: setFlags,
  async run(invocation) {
    const name = invocation.args.at(-1);
    if (name === undefined) throw new CommandError('serviceaccount is required');
    await modifyTargets(
      invocation,
      { args: invocation.args.slice(0, -1) },
      'serviceaccount updated',
      ({ object }) => {
        const { serviceAccount: _, ...podSpec } = podSpecOf(object) as ReturnType<typeof podSpecOf> & {
          serviceAccount?: string;
        };
        return withPodSpec(object, { ...podSpec, serviceAccountName: name });
      },
    );
  },
};
