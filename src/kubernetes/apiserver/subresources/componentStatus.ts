// Upstream: pkg/registry/core/componentstatus/rest.go
import type { ComponentStatus } from '#generated/types/core.v1.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { ServerContext } from '../context.ts';
import { readSelection } from '../selection.ts';
import { presentList, presentObject } from '../wire/presentation.ts';
import type { Subresource } from './subresource.ts';

/** Where each component is asked, in upstream's names; etcd answers through whoever asks. */
const addresses: Readonly<Record<string, readonly [component: string, port: number]>> = {
  'controller-manager': ['kube-controller-manager', 10257],
  'etcd-0': ['etcd', 2379],
  scheduler: ['kube-scheduler', 10259],
};

/** GET componentstatuses: nothing is stored, every component is asked now. */
export const componentStatus: Subresource = {
  serves: ({ kind, info }) => kind.kind === 'ComponentStatus' && info.subresource === '',
  serve(call, context) {
    const { name } = call.info;
    if (name !== '') {
      if (addresses[name] === undefined) throw new StatusError('Unknown', `Component not found: ${name}`);
      return { status: 200, body: presentObject(ask(name, context), call, context) };
    }
    const selection = readSelection(call);
    const all = Object.keys(addresses).map((own) => ask(own, context));
    const items = all.filter((object) => selection.matches(object));
    return { status: 200, body: presentList(items, {}, call, context) };
  },
};

function ask(name: string, { extensions }: ServerContext): ComponentStatus {
  const [component, port] = addresses[name]!;
  const isHealthy = extensions.isHealthy?.(component) ?? true;
  const url = `https://127.0.0.1:${port}/healthz`;
  return {
    kind: 'ComponentStatus',
    apiVersion: 'v1',
    metadata: { name } as ComponentStatus['metadata'],
    conditions: [
      isHealthy
        ? { type: 'Healthy', status: 'True', message: 'ok' }
        : {
            type: 'Healthy',
            status: 'False',
            message: `Get "${url}": dial tcp 127.0.0.1:${port}: connect: connection refused`,
          },
    ],
  };
}
