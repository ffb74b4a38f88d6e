// Upstream: kubectl/pkg/cmd/create/create_configmap.go
import { CommandError } from '../../errors.ts';
import { newMetadata, subcommandOf } from './generator.ts';
import { literalFlags, readPairs } from './pairs.ts';

export const createConfigMap = subcommandOf({
  name: 'configmap',
  aliases: ['cm'],
  summary: 'Create a config map from a local file, directory or literal value',
  usage:
    'configmap NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
  example: [
    'Create a new config map named my-config with key1=config1',
    'kubectl create configmap my-config --from-literal=key1=config1',
  ],
  resource: { group: '', version: 'v1', plural: 'configmaps', namespaced: true },
  flags: literalFlags,
  failure: 'failed to create configmap: ',
  compose(invocation, name) {
    const data = readPairs(invocation, (key) => {
      throw new CommandError(
        `cannot add key ${JSON.stringify(key)}, another key by that name already exists in Data for ConfigMap ${JSON.stringify(name)}`,
      );
    });
    return {
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: newMetadata(name),
      ...(Object.keys(data).length > 0 && { data }),
    };
  },
});
