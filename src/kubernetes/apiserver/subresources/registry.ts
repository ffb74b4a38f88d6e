import type { Call, ServerContext } from '../context.ts';
import { binding } from './binding.ts';
import { eviction } from './eviction.ts';
import { finalize } from './finalize.ts';
import { scale } from './scale.ts';

/** One subresource that the API server answers by itself; `status` is served by the plain verbs. */
export interface Subresource {
  serves(call: Call): boolean;
  serve(call: Call, context: ServerContext): { readonly status: number; readonly body: unknown };
}

export const subresources: readonly Subresource[] = [scale, binding, eviction, finalize];
