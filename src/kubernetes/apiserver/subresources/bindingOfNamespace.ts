// Upstream: pkg/registry/core/pod/storage/storage.go LegacyBindingREST
import type { Binding } from '#generated/types/core.v1.ts';
import { binding } from './binding.ts';
import type { Subresource } from './subresource.ts';

/** POST bindings: the old way to say `pods/NAME/binding`, with the name in the body. */
export const bindingOfNamespace: Subresource = {
  serves: ({ kind, info }) => kind.kind === 'Binding' && info.subresource === '',
  serve(call, context) {
    const { metadata } = (call.request.body ?? {}) as Partial<Binding>;
    const pods = context.kinds.findResource('', 'v1', 'pods')!;
    const info = { ...call.info, resource: 'pods', subresource: 'binding', name: metadata?.name ?? '' };
    return binding.serve({ ...call, info, kind: pods, stored: pods }, context);
  },
};
