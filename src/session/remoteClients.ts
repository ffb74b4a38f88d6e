import type { Input, RemoteRequest, StreamAct } from '#classroom/recipe.ts';
import type {
  ApiResponse,
  ApiStream,
  ExecStream,
  ForwardedConnection,
  PortForwardStream,
  Transport,
} from '#kubernetes/api/request.ts';
import { assert } from '#sim/assert.ts';
import type { Simulation } from '#sim/simulation.ts';

/** What a healthy server takes is not waited for, as in the terminal (D2). */
const unnoticedLatencyMs = 10;

type RemoteInput = Extract<Input, { readonly type: 'request' | 'stream' }>;
type RemoteStream = ExecStream & PortForwardStream;
type PortClient = Parameters<PortForwardStream['connect']>[1];

/**
 * Clients outside the simulation: what they ask and what they do with a stream are inputs, so that a session that they
 * drive is replayed without them (D5). Nobody listens to the answers of a replay.
 */
export class RemoteClients {
  readonly #simulation: Simulation;
  readonly #dial: Transport;
  readonly #record: (input: Input) => void;
  readonly #calls = new Map<number, Call>();
  /** The call whose input is being recorded. */
  #asking: Call | null = null;
  #lastId = 0;

  /** `record` makes something an input of the session, which hands it to `act`. */
  constructor(simulation: Simulation, dial: Transport, record: (input: Input) => void) {
    this.#simulation = simulation;
    this.#dial = dial;
    this.#record = record;
  }

  /**
   * Sends a request. `onAnswer` is called before this returns, or by an event where the answer takes its time. What is
   * done with a stream is an input too: do it between events.
   */
  ask(request: RemoteRequest, onAnswer: (response: ApiResponse) => void): void {
    const id = this.#lastId + 1;
    const call = new Call();
    let response: ApiResponse | null = null;
    call.onAnswer = (given) => (response = given);
    this.#asking = call;
    this.#record({ type: 'request', id, request });
    const answer = (given: ApiResponse) =>
      onAnswer(given.stream === undefined ? given : { ...given, stream: this.#streamOf(id, call) });
    // Assigned by the callback meanwhile, which the compiler does not see.
    const early = response as ApiResponse | null;
    if (early !== null) answer(early);
    else call.onAnswer = answer;
  }

  /** Does what was recorded. */
  act(input: RemoteInput): void {
    if (input.type === 'request') this.#begin(input.id, input.request);
    else {
      const call = this.#calls.get(input.id);
      // An event, so that what it resumes gets its turn before the next input, at whatever pace inputs come (D2).
      if (call !== undefined) this.#simulation.after(0, () => this.#do(input.id, call, input.act));
    }
  }

  #begin(id: number, request: RemoteRequest): void {
    const call = this.#asking ?? new Call();
    this.#asking = null;
    this.#lastId = Math.max(this.#lastId, id);
    const response = this.#dial(request);
    if (response.stream !== undefined) {
      call.stream = response.stream;
      this.#calls.set(id, call);
    }
    if (response.latencyMs > unnoticedLatencyMs)
      this.#simulation.after(response.latencyMs, () => call.onAnswer?.(response));
    else call.onAnswer?.(response);
  }

  #do(id: number, call: Call, act: StreamAct): void {
    if (act.do === 'close') this.#calls.delete(id);
    if (act.do !== 'open') call.act(act);
    else
      call.open(() => {
        this.#calls.delete(id);
      });
  }

  /** The stream as the client holds it. */
  #streamOf(id: number, call: Call): RemoteStream {
    const record = (act: StreamAct) => {
      if (this.#calls.has(id)) this.#record({ type: 'stream', id, act });
    };
    return {
      open(onData, onEnd) {
        call.onData = onData;
        call.onEnd = onEnd;
        record({ do: 'open' });
      },
      close: () => record({ do: 'close' }),
      write: (text) => record({ do: 'write', text }),
      resize: (columns, rows) => record({ do: 'resize', columns, rows }),
      connect(port, client) {
        const connection = call.clients.push(client) - 1;
        record({ do: 'connect', connection, port });
        return {
          write: (bytes) => record({ do: 'send', connection, bytes }),
          close: () => record({ do: 'end', connection }),
        };
      },
    };
  }
}

/** One request, from when it was sent until its stream is over. */
class Call {
  onAnswer: ((response: ApiResponse) => void) | null = null;
  onData: ((batch: readonly unknown[]) => void) | null = null;
  onEnd: ((error?: Error) => void) | null = null;
  stream: ApiStream | null = null;
  /** Who is behind each forwarded connection; nobody in a replay. */
  readonly clients: PortClient[] = [];
  readonly #connections = new Map<number, ForwardedConnection>();
  #isOpen = false;

  open(over: () => void): void {
    const { stream } = this;
    if (stream === null || this.#isOpen) return;
    this.#isOpen = true;
    stream.open(
      (batch) => this.onData?.(batch),
      (error) => {
        over();
        this.onEnd?.(error);
      },
    );
  }

  /** Recordings come from anywhere: what does not fit the stream is not done. */
  act(act: Exclude<StreamAct, { readonly do: 'open' }>): void {
    const stream: Partial<RemoteStream> | null = this.stream;
    assert(stream !== null, 'a stream that nobody was given');
    switch (act.do) {
      case 'close':
        for (const connection of this.#connections.values()) connection.close();
        stream.close?.();
        return;
      case 'write':
        stream.write?.(act.text);
        return;
      case 'resize':
        stream.resize?.(act.columns, act.rows);
        return;
      case 'connect':
        this.#connect(act.connection, act.port);
        return;
      case 'send':
        this.#connections.get(act.connection)?.write(act.bytes);
        return;
      case 'end':
        this.#connections.get(act.connection)?.close();
        this.#connections.delete(act.connection);
    }
  }

  #connect(id: number, port: number): void {
    const forwarded = (this.stream as Partial<RemoteStream>).connect?.(port, {
      receive: (bytes) => this.clients[id]?.receive(bytes),
      end: (error) => {
        this.#connections.delete(id);
        this.clients[id]?.end(error);
      },
    });
    if (forwarded !== undefined) this.#connections.set(id, forwarded);
  }
}
