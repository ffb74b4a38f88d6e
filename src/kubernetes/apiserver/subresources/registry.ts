import { binding } from './binding.ts';
import { eviction } from './eviction.ts';
import { finalize } from './finalize.ts';
import { scale } from './scale.ts';
import type { Subresource } from './subresource.ts';

export const subresources: readonly Subresource[] = [scale, binding, eviction, finalize];
