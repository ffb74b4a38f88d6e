import type { HttpRequest, HttpResponse } from './http.ts';

/** What answers on a port. */
export interface Listener {
  /** True when the same request gets the same answer until somebody interferes: nobody needs to ask again. */
  readonly isSteady: boolean;
  /** Undefined when what listens does not speak HTTP. */
  http?(request: HttpRequest): { readonly response: HttpResponse; readonly latencyMs: number };
  /** Answers one line of a text protocol; null closes the connection. */
  converse?(line: string): string | null;
}

/** A machine or pod with an address. */
export interface Host {
  readonly name: string;
  /** False when it is without power: packets to it are lost. */
  readonly isUp: boolean;
  listenerAt(port: number, protocol: 'TCP' | 'UDP'): Listener | undefined;
}

/** Who has which address. Routes between all of them are assumed: a flat network, as Kubernetes asks for. */
export class Network {
  readonly #hosts = new Map<string, Host>();

  attach(address: string, host: Host): void {
    this.#hosts.set(address, host);
  }

  detach(address: string): void {
    this.#hosts.delete(address);
  }

  hostAt(address: string): Host | undefined {
    return this.#hosts.get(address);
  }
}
