// Upstream: client-go/transport, golang.org/x/net/http2 (how a lost server shows itself to its clients)
import type { ApiRequest, ApiResponse, ApiStream, Transport } from '#kubernetes/api/request.ts';

/** The port that an API server listens on. */
export const securePort = 6443;
/** Upstream: client-go's dialer. */
const dialTimeoutMs = 30_000;

/** A stream that a client has open, and what ends it for the client. */
export interface OpenStream {
  readonly machine: string;
  close(): void;
  end(): void;
}

/** One kube-apiserver process as clients meet it at its port: it may be down, or the way to it cut (D9). */
export class ApiFront {
  readonly node: string;
  readonly address: string;
  /** What answers at the port. */
  serve: Transport;
  /** The release that its process is of. */
  version: string;
  #isRunning = false;
  readonly #isLost: (machine: string, node: string) => boolean;
  /** What clients have open. */
  readonly streams = new Set<OpenStream>();

  constructor(options: {
    readonly node: string;
    readonly address: string;
    readonly version: string;
    serve: Transport;
    /** Whether packets between two machines are lost. */
    isLost(machine: string, node: string): boolean;
  }) {
    this.node = options.node;
    this.address = options.address;
    this.version = options.version;
    this.serve = options.serve;
    this.#isLost = options.isLost;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Answers a machine; one that cannot connect with status 0 and its dialer's sentence. */
  handle(request: ApiRequest, machine: string): ApiResponse {
    if (this.#isLost(machine, this.node)) return unconnected(this.address, 'i/o timeout', dialTimeoutMs);
    if (!this.#isRunning) return unconnected(this.address, 'connect: connection refused', 0);
    const response = this.serve(request);
    if (response.stream !== undefined) this.#follow(response.stream, machine);
    return request.path === '/version' ? ofVersion(response, this.version) : response;
  }

  start(): void {
    this.#isRunning = true;
  }

  /** The process ends, and every stream with it. */
  stop(): void {
    this.#isRunning = false;
    this.endStreams();
  }

  /** Ends what clients watch and follow; they come again. */
  endStreams(): void {
    for (const { close, end } of this.streams) {
      close();
      end();
    }
  }

  /** A stream is made for one request, so that it can be watched over in place. */
  #follow(stream: ApiStream, machine: string): void {
    const open = stream.open.bind(stream);
    const close = stream.close.bind(stream);
    stream.open = (onData, onEnd) => {
      let isOver = false;
      const over = (error?: Error) => {
        this.streams.delete(entry);
        if (!isOver) onEnd(error);
        isOver = true;
      };
      const entry: OpenStream = { machine, close, end: over };
      this.streams.add(entry);
      stream.close = () => {
        this.streams.delete(entry);
        close();
      };
      open(onData, over);
    };
  }
}

function unconnected(address: string, why: string, latencyMs: number): ApiResponse {
  return { status: 0, warnings: [], body: `dial tcp ${address}:${securePort}: ${why}`, latencyMs };
}

/** What is served does not differ between releases; only `/version` says which one this is. */
function ofVersion(response: ApiResponse, gitVersion: string): ApiResponse {
  const [major, minor] = gitVersion.slice(1).split('.');
  const emulated = {
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMinor: String(Number(minor) - 1),
  };
  return { ...response, body: { ...(response.body as object), major, minor, ...emulated, gitVersion } };
}
