// Upstream: pkg/kubelet/token/token_manager.go
import type { TokenRequest } from '#generated/types/authentication.v1.ts';
import type { Pod, ServiceAccountTokenProjection } from '#generated/types/core.v1.ts';
import { serviceAccounts } from '#kubernetes/api/core/serviceAccount.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import type { Client } from '#kubernetes/client/client.ts';

/** A token is replaced when this much of its time is over, and after a day. */
const refreshShare = 0.8;
const ageMaxMs = 24 * 3_600_000;
/** Upstream: pkg/apis/core/v1/defaults.go */
const secondsDefault = 3_600;

interface Held {
  readonly token: string;
  readonly refreshAtMs: number;
}

/** The tokens of the pods on one node: asked for when somebody reads them, and kept until they get old. */
export class PodTokens {
  readonly #client: Client;
  readonly #clock: { readonly nowMs: number };
  /** By pod uid, then by audience and lifetime. */
  readonly #held = new Map<string, Map<string, Held>>();

  constructor(client: Client, clock: { readonly nowMs: number }) {
    this.#client = client;
    this.#clock = clock;
  }

  /** The pod's token for a projection; `''` from a server that issues none. Throws StatusError. */
  tokenOf(pod: Pod, { audience, expirationSeconds = secondsDefault }: ServiceAccountTokenProjection): string {
    const { uid } = pod.metadata;
    const key = `${audience ?? ''} ${expirationSeconds}`;
    const known = this.#held.get(uid)?.get(key);
    const { nowMs } = this.#clock;
    if (known !== undefined && nowMs < known.refreshAtMs) return known.token;
    const token = this.#request(pod, audience, expirationSeconds);
    const own = this.#held.get(uid) ?? new Map<string, Held>();
    const ageMs = Math.min(expirationSeconds * 1000 * refreshShare, ageMaxMs);
    this.#held.set(uid, own.set(key, { token, refreshAtMs: nowMs + ageMs }));
    return token;
  }

  /** The pod is gone. */
  forget(uid: string): void {
    this.#held.delete(uid);
  }

  #request({ metadata, spec }: Pod, audience: string | undefined, expirationSeconds: number): string {
    const { name, namespace = '', uid } = metadata;
    const body = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      metadata: {},
      spec: {
        ...(audience !== undefined && { audiences: [audience] }),
        expirationSeconds,
        boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name, uid },
      },
    };
    const account = spec.serviceAccountName || 'default';
    try {
      const answer = this.#client.subresource(serviceAccounts, namespace, account, 'token', body);
      return (answer as TokenRequest).status.token ?? '';
    } catch (error) {
      if (isStatus(error, 'NotFound')) return '';
      throw error;
    }
  }
}
