import type { ServiceAccount } from '#generated/types/core.v1.ts';
import type { KindSet } from '#kubernetes/api/kindSet.ts';
import type { Subject } from '#kubernetes/api/x509.ts';
import type { Client } from '#kubernetes/client/client.ts';
import type { EventRecorder } from '#kubernetes/client/eventRecorder.ts';
import type { Informers } from '#kubernetes/client/informer.ts';
import type { Simulation } from '#sim/simulation.ts';

/** What kube-controller-manager can sign. */
export interface Signing {
  /** A token for a Secret of that name. */
  legacyToken(account: ServiceAccount, secret: string): string;
  /** A certificate in PEM; `publicKey` is in DER. */
  certificate(subject: Subject, lifetimeMs: number, publicKey: Uint8Array): string;
}

/** What kube-controller-manager hands to each of its controllers. */
export interface ControllerContext {
  readonly simulation: Simulation;
  /** Writes as this controller's own service account. */
  readonly client: Client;
  /** What the server serves, custom resources too. */
  readonly kinds: KindSet;
  /** The keys that the process has: of service accounts and of the cluster's authority. */
  readonly signing: Signing;
  /** Shared by all controllers of the process; started after all have asked. */
  readonly informers: Informers;
  /** Writes Events as `<name>-controller`, or as upstream calls it. */
  readonly recorder: EventRecorder;
}

/** One controller: it subscribes in `start` and returns what stops it. */
export interface Controller {
  /** Upstream's name: `replicaset-controller`. */
  readonly name: string;
  /** The service account that it runs as, where that is not called like it; null for the process's own user. */
  readonly account?: string | null;
  /** The source component of its Events, where upstream's differs from the name. */
  readonly eventSource?: string;
  start(context: ControllerContext): () => void;
}
