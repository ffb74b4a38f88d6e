import type { Input, Recipe, Speed, StampedInput } from '#classroom/recipe.ts';
import type { ActivityRow, RowDelta } from './rows.ts';

/** Questions: observers that are never recorded, audited or random. Each gets one `reply` with its `id`. */
export type Query =
  | { readonly type: 'object'; readonly rowId: string }
  | { readonly type: 'events'; readonly rowId: string }
  | { readonly type: 'logs'; readonly rowId: string; readonly container: string; readonly previous: boolean }
  | { readonly type: 'why'; readonly rowId: string }
  /** `change`, a strategic merge patch of the pod, asks what the scheduler would do were the pod so. */
  | { readonly type: 'scheduling'; readonly rowId: string; readonly change?: unknown }
  | { readonly type: 'complete'; readonly terminal: number; readonly line: string; readonly cursor: number }
  | { readonly type: 'schema' }
  | { readonly type: 'dryRun'; readonly text: string }
  | { readonly type: 'readFile'; readonly path: string }
  | { readonly type: 'listFiles' }
  | { readonly type: 'recipe' }
  | { readonly type: 'hash' };

/** How a pod was placed, or would be. */
export interface SchedulingDecision {
  readonly atMs: number;
  /** The node that was chosen, null when none would do. */
  readonly node: string | null;
  /** The words of the pod's Event. */
  readonly message: string;
  readonly examined: number;
  /** The best first, then those that a filter turned down. */
  readonly nodes: readonly {
    readonly node: string;
    /** In upstream's words; null where all filters passed. */
    readonly rejection: { readonly plugin: string; readonly reasons: readonly string[] } | null;
    readonly scores: readonly {
      readonly plugin: string;
      readonly weight: number;
      readonly score: number;
    }[];
    readonly total: number;
  }[];
}

/** What would come of a pod. */
export interface SchedulingTrial extends SchedulingDecision {
  /** Where it would make room, and whom it would drive out (`namespace/name`). */
  readonly preempts: { readonly node: string; readonly pods: readonly string[] } | null;
}

/** What may be changed of a pod that waits, and what would come of that. */
export interface WhatIf {
  /** As the pod is. */
  readonly now: SchedulingTrial;
  /** As it was asked to be; null where nothing would change, or where it could not be so. */
  readonly changed: SchedulingTrial | null;
  /** The API server's words where it would not take the pod. */
  readonly error: string | null;
  /** The parts of the pod that the scheduler looks at. */
  readonly pod: {
    readonly containers: readonly { readonly name: string; readonly cpu: string; readonly memory: string }[];
    readonly nodeSelector: readonly (readonly [key: string, value: string])[];
    /** As they stand in the pod. */
    readonly tolerations: readonly object[];
    readonly nodeAffinity: boolean;
    readonly podAffinity: boolean;
    readonly podAntiAffinity: boolean;
    readonly spread: boolean;
    readonly gates: readonly string[];
    readonly priority: number;
  };
  /** Taints that keep it off, each with how many nodes have it. */
  readonly taints: readonly {
    readonly key: string;
    readonly value: string;
    readonly effect: string;
    readonly nodes: number;
  }[];
  readonly priorities: readonly { readonly name: string; readonly value: number }[];
}

/** What each query is answered with. */
export interface Answers {
  /** Null when the object is gone. */
  readonly object: { readonly yaml: string; readonly kind: string } | null;
  readonly events: readonly {
    readonly lastMs: number;
    readonly count: number;
    readonly type: string;
    readonly reason: string;
    readonly from: string;
    readonly message: string;
  }[];
  readonly logs: { readonly text: string; readonly truncated: boolean };
  /** Nearest cause first, ending in an input or a tick. */
  readonly why: readonly {
    readonly atMs: number;
    readonly actor: string;
    readonly action: string;
    /** In words: `created pod default/web-abc`. */
    readonly text: string;
    readonly rowId: string | null;
  }[];
  /** The scheduler's last decision about a pod; null where it has made none, or has forgotten it. */
  readonly scheduling: {
    readonly decision: SchedulingDecision | null;
    /** Null for a pod that has a node, and while no scheduler runs. */
    readonly whatIf: WhatIf | null;
  };
  readonly complete: {
    /** Where the word that is completed begins in the line. */
    readonly from: number;
    readonly choices: readonly { readonly text: string; readonly hint: string }[];
  };
  /** A JSON schema of every manifest that the cluster takes, for the editor. */
  readonly schema: unknown;
  /** Per document of the text: the server's error, or the diff against the live object. */
  readonly dryRun: readonly {
    readonly line: number;
    readonly name: string;
    readonly error: string | null;
    readonly warnings: readonly string[];
    readonly live: string | null;
    readonly merged: string | null;
  }[];
  readonly readFile: string | null;
  readonly listFiles: readonly string[];
  readonly recipe: Recipe;
  readonly hash: string;
}

export type ToWorker =
  | { readonly type: 'start'; readonly recipe: Recipe; readonly build: string }
  | { readonly type: 'input'; readonly input: Input }
  | { readonly type: 'query'; readonly id: number; readonly query: Query }
  /** Opens a lesson of the library over the running session, or closes the open one. */
  | { readonly type: 'lesson'; readonly id: string | null }
  /** Goes on from a step that has nothing to check: it was read, or its question answered. */
  | { readonly type: 'lessonContinue' }
  /** Goes back to just before the last input (undo), or to the scenario's start. */
  | { readonly type: 'undo' }
  | { readonly type: 'reset' }
  /** Stops a replay that is under way. */
  | { readonly type: 'cancel' }
  | { readonly type: 'ping'; readonly id: number };

export type FromWorker =
  /** The session runs; all rows follow as one delta. */
  | {
      readonly type: 'started';
      readonly recipe: Recipe;
      readonly hostname: string;
      /** True when this build replayed the recipe to another state than the one it was taken from. */
      readonly differs: boolean;
      /** True when the replay was cancelled before its end. */
      readonly cancelled: boolean;
    }
  /** A replay's progress, 0 to 1. */
  | { readonly type: 'progress'; readonly done: number }
  /** Once a frame at most. */
  | {
      readonly type: 'frame';
      readonly nowMs: number;
      readonly speed: Speed;
      readonly eventCount: number;
      readonly revision: number;
      readonly delta: RowDelta;
      /** Another number than in the frame before when other kinds are served now: custom resources come and go. */
      readonly kinds: number;
      readonly activity: readonly ActivityRow[];
      /** Millirequests per second served in the cluster, and those that failed. */
      readonly milliRequests: number;
      readonly milliErrors: number;
    }
  /** Where the learner is in the open lesson: the index of the step at hand, and the hint that fits. */
  | { readonly type: 'lesson'; readonly id: string; readonly at: number; readonly hint: string | null }
  | { readonly type: 'terminalOutput'; readonly terminal: number; readonly text: string }
  /** A recorded input, to be saved before anything else happens. */
  | { readonly type: 'recorded'; readonly input: StampedInput }
  | { readonly type: 'reply'; readonly id: number; readonly answer: unknown; readonly error: string | null }
  /** The simulation stopped on a bug of ours; the recipe up to the last input is safe. */
  | { readonly type: 'crashed'; readonly message: string }
  | { readonly type: 'pong'; readonly id: number };
