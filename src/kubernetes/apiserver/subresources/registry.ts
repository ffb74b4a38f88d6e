import { binding } from './binding.ts';
import { finalize } from './finalize.ts';
import { scale } from './scale.ts';
import type { Subresource } from './subresource.ts';

/** The subresources that a cluster cannot start without. */
export const bootSubresources: readonly Subresource[] = [scale, binding, finalize];
