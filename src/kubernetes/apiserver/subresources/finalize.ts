// Upstream: pkg/registry/core/namespace/storage/storage.go FinalizeREST
import type { Namespace } from '#generated/types/core.v1.ts';
import { validateFinalizerName, validateObjectMetaUpdate } from '#kubernetes/api/objectMeta.ts';
import { invalid } from '#kubernetes/apimachinery/statusError.ts';
import { decodeBody } from '../decode.ts';
import { mergeObjectMeta } from '../objectMeta.ts';
import { isDryRun } from '../verbs/create.ts';
import type { Subresource } from './subresource.ts';

/** PUT namespaces/NAME/finalize: the spec's finalizers change, and the metadata as in any update; the last one gone removes the namespace. */
export const finalize: Subresource = {
  serves: ({ info }) => info.resource === 'namespaces' && info.subresource === 'finalize',
  serve(call, context) {
    const old = context.storage.read(call.stored, '', call.info.name) as Namespace;
    const asked = mergeObjectMeta(decodeBody(call), old, call) as Namespace;
    const finalizers = asked.spec?.finalizers ?? [];
    const next: Namespace = { ...old, metadata: asked.metadata, spec: { ...old.spec, finalizers } };
    const errors = [
      ...validateObjectMetaUpdate(next.metadata, old.metadata),
      ...finalizers.flatMap((name, at) => validateFinalizerName(`spec.finalizers[${at}]`, name)),
    ];
    if (errors.length > 0) throw invalid('', 'Namespace', call.info.name, errors);
    const isGone =
      finalizers.length === 0 &&
      old.metadata.deletionTimestamp !== undefined &&
      (next.metadata.finalizers ?? []).length === 0;
    if (isDryRun(call.request.query?.['dryRun'])) return { status: 200, body: next };
    if (isGone) {
      context.storage.remove(call.stored, old);
      return { status: 200, body: next };
    }
    return { status: 200, body: context.storage.put(call.stored, next, old) };
  },
};
