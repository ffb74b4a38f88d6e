// Upstream: kubectl/pkg/cmd/create/create_namespace.go
import { newMetadata, subcommandOf } from './generator.ts';

export const createNamespace = subcommandOf({
  name: 'namespace',
  aliases: ['ns'],
  summary: 'Create a namespace with the specified name',
  usage: 'namespace NAME [--dry-run=server|client|none]',
  example: ['Create a new namespace named my-namespace', 'kubectl create namespace my-namespace'],
  resource: { group: '', version: 'v1', plural: 'namespaces', namespaced: false },
  flags: [],
  failure: '',
  compose: (_, name) => ({
    kind: 'Namespace',
    apiVersion: 'v1',
    metadata: newMetadata(name),
    spec: {},
    status: {},
  }),
});
