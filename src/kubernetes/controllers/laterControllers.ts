import type { Controller } from './controller.ts';

/** The controllers that a cluster can start without: they begin when its second load has arrived. */
export const laterControllers: readonly Controller[] = [];
