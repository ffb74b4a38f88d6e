import type { Strategy } from '../context.ts';
import { eventStrategy } from './event.ts';
import { namespaceStrategy } from './namespace.ts';
import { podStrategy } from './pod.ts';
import { serviceStrategy } from './service.ts';

/** Kinds that need more of the server than their own pure rules. */
export const strategies: ReadonlyMap<string, Strategy> = new Map(
  [podStrategy, namespaceStrategy, serviceStrategy, eventStrategy].map((strategy) => [
    `${strategy.plural}.${strategy.group}`,
    strategy,
  ]),
);
