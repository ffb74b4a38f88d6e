// Upstream: kubectl/pkg/cmd/set/set_image.go
import type { Command } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { modifyTargets } from '../../modifying.ts';
import { mapContainers, matchesName, podSpecOf } from '../../podSpecOf.ts';
import { setFlags } from './setFlags.ts';

export const setImage: Command = {
  name: 'image',
  summary: 'Update the image of a pod template',
  long: 'Update existing container image(s) of resources.',
  examples: [
    [
      "Set a deployment's nginx container image to 'nginx:1.9.1', and its busybox container image to 'busybox'",
      'kubectl set image deployment/nginx busybox=busybox nginx=nginx:1.9.1',
    ],
    [
      "Update all deployments' and rc's nginx container's image to 'nginx:1.9.1'",
      'kubectl set image deployments,rc nginx=nginx:1.9.1 --all',
    ],
  ],
  usage:
    'set image (-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N',
  arguments: 'resources',
  flags: setFlags,
  async run(invocation) {
    const updates = invocation.args.filter((arg) => arg.includes('=')).map((arg) => arg.split(/=(.*)/s));
    const args = invocation.args.filter((arg) => !arg.includes('='));
    if (args.length > 0 && updates.length === 0)
      throw new CommandError('at least one image update is required');
    if (updates.length > 1 && updates.some(([name]) => name === '*')) {
      throw new CommandError(
        'all containers are already specified by *, but saw more than one container_name=container_image pairs',
      );
    }
    await modifyTargets(invocation, { args }, 'image updated', ({ object }) => {
      const podSpec = podSpecOf(object);
      const names = [...(podSpec.initContainers ?? []), ...podSpec.containers].map(({ name }) => name);
      for (const [pattern = ''] of updates) {
        if (!names.some((name) => matchesName(pattern, name)))
          throw new CommandError(`unable to find container named ${JSON.stringify(pattern)}`);
      }
      return mapContainers(object, (container) => {
        const image = updates.findLast(([pattern = '']) => matchesName(pattern, container.name))?.[1];
        return image === undefined ? container : { ...container, image };
      });
    });
  },
};
