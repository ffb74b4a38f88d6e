// Upstream: pkg/registry/core/namespace/storage/storage.go FinalizeREST
import type { Namespace } from '#generated/types/core.v1.ts';
import { decodeBody } from '../decode.ts';
import { isDryRun } from '../verbs/create.ts';
import type { Subresource } from './subresource.ts';

/** PUT namespaces/NAME/finalize: only the spec's finalizers change; the last one gone removes the namespace. */
export const finalize: Subresource = {
  serves: ({ info }) => info.resource === 'namespaces' && info.subresource === 'finalize',
  serve(call, context) {
    const old = context.storage.read(call.stored, '', call.info.name) as Namespace;
    const finalizers = (decodeBody(call) as Namespace).spec?.finalizers ?? [];
    const next: Namespace = { ...old, spec: { ...old.spec, finalizers } };
    const isGone =
      finalizers.length === 0 &&
      old.metadata.deletionTimestamp !== undefined &&
      (old.metadata.finalizers ?? []).length === 0;
    if (isDryRun(call.request.query?.['dryRun'])) return { status: 200, body: next };
    if (isGone) {
      context.storage.remove(call.stored, old);
      return { status: 200, body: next };
    }
    return { status: 200, body: context.storage.put(call.stored, next, old) };
  },
};
