import type { Call, ServerContext } from '../context.ts';

/**
 * One subresource, or kind that is not stored, that the API server answers by itself; `status` is served by the plain
 * verbs.
 */
export interface Subresource {
  serves(call: Call): boolean;
  serve(call: Call, context: ServerContext): { readonly status: number; readonly body: unknown };
}
