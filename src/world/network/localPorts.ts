import { type Connection, type Host, type Listener, loopbackMs, type Protocol } from './network.ts';

/** Linux's net.ipv4.ip_local_port_range, from which a port is chosen for who does not mind. */
const ephemeralFrom = 32_768;
const ephemeralTo = 60_999;

/** What programs listen on at a machine's loopback address, and at paths of sockets. */
export class LocalPorts implements Host {
  readonly name: string;
  readonly machine: string;
  readonly isUp = true;
  readonly #below: (bound: number) => number;
  readonly #ports = new Map<number, Listener>();
  readonly #sockets = new Map<string, Listener | null>();

  /** `below` draws a whole number below its argument. */
  constructor(name: string, below: (bound: number) => number) {
    this.name = name;
    this.machine = name;
    this.#below = below;
  }

  /** Listens on a port, 0 for any that is free. Returns the port, or null when it is taken. */
  listen(port: number, listener: Listener): number | null {
    const chosen = port === 0 ? this.#free() : port;
    if (this.#ports.has(chosen)) return null;
    this.#ports.set(chosen, listener);
    return chosen;
  }

  close(port: number): void {
    this.#ports.delete(port);
  }

  /** Listens at a path; what listened there before no longer does. */
  listenAt(path: string, listener: Listener): void {
    this.#sockets.set(path, listener);
  }

  /** Nothing listens there any more; the path remains a socket's. */
  closeAt(path: string): void {
    this.#sockets.set(path, null);
  }

  isSocket(path: string): boolean {
    return this.#sockets.has(path);
  }

  listenerAt(port: number, protocol: Protocol): Listener | undefined {
    return protocol === 'TCP' ? this.#ports.get(port) : undefined;
  }

  /** A connection from a program of this machine. */
  connect(port: number, protocol: Protocol): Connection {
    return this.#open(this.listenerAt(port, protocol), port);
  }

  /** A connection to the socket at a path. */
  connectAt(path: string): Connection {
    return this.#open(this.#sockets.get(path) ?? undefined, 0);
  }

  #open(listener: Listener | undefined, port: number): Connection {
    if (listener === undefined) return { outcome: 'refused', latencyMs: loopbackMs };
    const address = '127.0.0.1';
    return {
      outcome: 'open',
      listener,
      host: this,
      address,
      port,
      clientAddress: address,
      latencyMs: loopbackMs,
    };
  }

  #free(): number {
    let port = ephemeralFrom + this.#below(ephemeralTo - ephemeralFrom + 1);
    while (this.#ports.has(port)) port = port === ephemeralTo ? ephemeralFrom : port + 1;
    return port;
  }
}
