// Upstream: pkg/scheduler/framework/plugins/defaultbinder/default_binder.go
import type { Binding, Pod } from '#generated/types/core.v1.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import type { Client } from '#kubernetes/client/client.ts';
import type { Plugin } from '../framework.ts';

/** Tells the API server where a pod goes. */
export function defaultBinder(client: Client): Plugin {
  return {
    name: 'DefaultBinder',
    reads: 'cluster',
    bind({ metadata }: Pod, nodeName: string): void {
      const { namespace = '', name, uid } = metadata;
      const binding: Binding = {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { namespace, name, uid } as Binding['metadata'],
        target: { kind: 'Node', name: nodeName },
      };
      client.subresource(pods, namespace, name, 'binding', binding);
    },
  };
}
