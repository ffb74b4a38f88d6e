// Upstream: pkg/registry/core/pod/storage/eviction.go
import type { DeleteOptions } from '#generated/types/meta.v1.ts';
import { remove } from '../verbs/remove.ts';
import type { Subresource } from './subresource.ts';

/** POST pods/NAME/eviction: a delete that asks first. Disruption budgets are not simulated yet. */
export const eviction: Subresource = {
  serves: ({ info }) => info.resource === 'pods' && info.subresource === 'eviction',
  serve(call, context) {
    const options = (call.request.body as { deleteOptions?: Partial<DeleteOptions> } | undefined)
      ?.deleteOptions;
    remove({ ...call, request: { ...call.request, body: options ?? {} } }, context);
    return {
      status: 201,
      body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 },
    };
  },
};
