import type { ApiRequest } from '#kubernetes/api/request.ts';

/** 0 is paused; `max` runs as fast as it can. */
export type Speed = 0 | 1 | 10 | 60 | 'max';

/** How slow a node can be made. */
export const slownessMax = 100;

export type Fault =
  | { readonly type: 'killPod'; readonly namespace: string; readonly name: string }
  | { readonly type: 'stopNode' | 'startNode' | 'rebootNode'; readonly node: string }
  | { readonly type: 'partitionNode' | 'healNode'; readonly node: string }
  /** Everything on the node takes `factor` times as long; 1 mends it. */
  | { readonly type: 'slowNode'; readonly node: string; readonly factor: number }
  | {
      readonly type: 'stopComponent' | 'startComponent';
      readonly component: string;
      readonly node: string | null;
    };

/** What a client outside the simulation asks the API server; who it is, the bridge has found out. */
export type RemoteRequest = Omit<ApiRequest, 'inProcess' | 'takesNoTime' | 'observer'>;

/** What such a client does with the stream that it was answered with. */
export type StreamAct =
  | { readonly do: 'open' | 'close' }
  /** Input of a command; null is its end. */
  | { readonly do: 'write'; readonly text: string | null }
  | { readonly do: 'resize'; readonly columns: number; readonly rows: number }
  /** A forwarded connection, its bytes (characters from 0 to 255), and that no more of them come. */
  | { readonly do: 'connect'; readonly connection: number; readonly port: number }
  | { readonly do: 'send'; readonly connection: number; readonly bytes: string }
  | { readonly do: 'end'; readonly connection: number };

/** An outside act. All of them are recorded and replay (D5). */
export type Input =
  | { readonly type: 'terminalInput'; readonly terminal: number; readonly text: string }
  | {
      readonly type: 'terminalResize';
      readonly terminal: number;
      readonly columns: number;
      readonly rows: number;
    }
  | { readonly type: 'interrupt'; readonly terminal: number }
  | { readonly type: 'writeFile'; readonly path: string; readonly text: string }
  | { readonly type: 'fault'; readonly fault: Fault }
  | { readonly type: 'speed'; readonly speed: Speed }
  | { readonly type: 'step' }
  /** A request over the bridge. `id` counts them, and names what it was answered with. */
  | { readonly type: 'request'; readonly id: number; readonly request: RemoteRequest }
  | { readonly type: 'stream'; readonly id: number; readonly act: StreamAct };

/** A place in a session: after so many events, at a virtual time in ms since the epoch. */
export interface Stamp {
  readonly atMs: number;
  readonly afterEvent: number;
}

/** An input with its place. */
export interface StampedInput extends Stamp {
  readonly input: Input;
}

/** What a session is made from: whoever replays it gets the same cluster. */
export interface Recipe {
  /** Id of a scenario of the gallery: `empty`, `hpa-under-load` … */
  readonly scenario: string;
  readonly seed: string;
  readonly inputs: readonly StampedInput[];
  /** Where the session stood when the recipe was taken, with the digest of its state and who made it. */
  readonly end?: Stamp & { readonly hash: string; readonly build: string };
}
