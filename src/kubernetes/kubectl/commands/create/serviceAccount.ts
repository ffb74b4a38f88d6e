// Upstream: kubectl/pkg/cmd/create/create_serviceaccount.go
import { newMetadata, subcommandOf } from './generator.ts';

export const createServiceAccount = subcommandOf({
  name: 'serviceaccount',
  aliases: ['sa'],
  summary: 'Create a service account with the specified name',
  usage: 'serviceaccount NAME [--dry-run=server|client|none]',
  example: [
    'Create a new service account named my-service-account',
    'kubectl create serviceaccount my-service-account',
  ],
  resource: { group: '', version: 'v1', plural: 'serviceaccounts', namespaced: true },
  flags: [],
  failure: 'failed to create serviceaccount: ',
  compose: (_, name) => ({ kind: 'ServiceAccount', apiVersion: 'v1', metadata: newMetadata(name) }),
});
