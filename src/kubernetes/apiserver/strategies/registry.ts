import type { Strategy } from '../context.ts';
import { eventStrategy } from './event.ts';
import { namespaceStrategy } from './namespace.ts';
import { podStrategy } from './pod.ts';
import { serviceStrategy } from './service.ts';

/** The kinds of a starting cluster that need more of the server than their own pure rules. */
export const bootStrategies: readonly Strategy[] = [
  podStrategy,
  namespaceStrategy,
  serviceStrategy,
  eventStrategy,
];
