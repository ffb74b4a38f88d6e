// Upstream: kubectl/pkg/cmd/create/create_deployment.go
import { CommandError } from '../../errors.ts';
import { int, strings } from '../../flags.ts';
import { newMetadata, subcommandOf } from './generator.ts';

/** A container's name from its image: the last part of the path without tag or digest. */
export function containerNameOf(image: string): string {
  const last = image.slice(image.lastIndexOf('/') + 1);
  return last
    .replace(/[:@].*$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, '-');
}

export const createDeployment = subcommandOf({
  name: 'deployment',
  aliases: ['deploy'],
  summary: 'Create a deployment with the specified name',
  usage: 'deployment NAME --image=image -- [COMMAND] [args...]',
  example: [
    'Create a deployment named my-dep that runs the nginx image and has 3 replicas',
    'kubectl create deployment my-dep --image=nginx --replicas=3',
  ],
  resource: { group: 'apps', version: 'v1', plural: 'deployments', namespaced: true },
  flags: [
    { ...strings('image', 'Image names to run.'), required: true },
    int('port', 'The containerPort that this deployment exposes.', { initial: '-1' }),
    int('replicas', 'Number of replicas to create. Default is 1.', { short: 'r', initial: '1' }),
  ],
  failure: 'failed to create deployment: ',
  compose({ flags }, name, command) {
    const images = flags.list('image');
    if (images.length > 1 && command.length > 0)
      throw new CommandError('cannot specify multiple --image options and command');
    const port = flags.int('port');
    const labels = { app: name };
    const containers = images.map((image, i) => ({
      name: containerNameOf(image),
      image,
      ...(command.length > 0 && { command }),
      ...(port >= 0 && i === 0 && { ports: [{ containerPort: port }] }),
      resources: {},
    }));
    return {
      kind: 'Deployment',
      apiVersion: 'apps/v1',
      metadata: newMetadata(name, labels),
      spec: {
        replicas: flags.int('replicas'),
        selector: { matchLabels: labels },
        template: { metadata: { creationTimestamp: null, labels }, spec: { containers } },
        strategy: {},
      },
      status: {},
    };
  },
});
