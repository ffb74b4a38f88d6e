import { binding } from './binding.ts';
import { finalize } from './finalize.ts';
import type { Subresource } from './subresource.ts';

/** The subresources that a cluster cannot start without. */
export const bootSubresources: readonly Subresource[] = [binding, finalize];
