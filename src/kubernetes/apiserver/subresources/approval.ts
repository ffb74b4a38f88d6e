// Upstream: pkg/registry/certificates/certificates/storage/storage.go ApprovalREST
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { Call, ServerContext } from '../context.ts';
import { patch } from '../verbs/patch.ts';
import { update } from '../verbs/update.ts';
import { presentObject } from '../wire/presentation.ts';
import type { Subresource } from './subresource.ts';

/** GET, PUT and PATCH of certificatesigningrequests/NAME/approval: a door to the status, where only conditions change. */
export const approval: Subresource = {
  serves: ({ info }) => info.resource === 'certificatesigningrequests' && info.subresource === 'approval',
  serve(call, context) {
    const object = written(call, context);
    return { status: 200, body: call.request.inProcess ? object : presentObject(object, call, context) };
  },
};

function written(call: Call, context: ServerContext): KubeObject {
  const { request, stored, info } = call;
  if (request.method === 'GET') return context.storage.read(stored, '', info.name);
  return request.method === 'PUT' ? update(call, context) : patch(call, context).object;
}
