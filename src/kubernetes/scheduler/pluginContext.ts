import type { KindSet } from '#kubernetes/api/kindSet.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { Client } from '#kubernetes/client/client.ts';
import type { EventRecorder } from '#kubernetes/client/eventRecorder.ts';
import type { Informers } from '#kubernetes/client/informer.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { Cache } from './cache.ts';
import type { ClusterEvent } from './framework.ts';
import type { Nominator } from './nominator.ts';

/** What plugins may use. */
export interface PluginContext {
  readonly client: Client;
  readonly kinds: KindSet;
  readonly informers: Informers;
  readonly cache: Cache;
  readonly nominator: Nominator;
  readonly simulation: Simulation;
  readonly recorder: EventRecorder;
  /** Tells the pods that wait of what may help them. */
  move(event: ClusterEvent, before: KubeObject | undefined, now: KubeObject | undefined): void;
}
