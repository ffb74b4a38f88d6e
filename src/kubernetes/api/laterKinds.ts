import type { AnyKind } from './kind.ts';

/** The kinds that a cluster can start without: they are served from the moment its second load has arrived. */
export const laterKinds: readonly AnyKind[] = [];
