/** What a gallery entry starts: a cluster, some files, and what is typed first. Data only. */
export interface Scenario {
  /** Stable: links carry it. */
  readonly id: string;
  readonly title: string;
  /** One sentence for the gallery. */
  readonly summary: string;
  /** How many nodes the control plane runs on; one when absent. */
  readonly controlPlanes?: number;
  /** Worker nodes beside the control plane's own. */
  readonly nodes: readonly NodePreset[];
  /** Files in the learner's home directory, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** Command lines that run in the terminal at the start, in order. */
  readonly commands: readonly string[];
  /** Id of the lesson that goes with it, or null. */
  readonly lesson: string | null;
}

export interface NodePreset {
  readonly name: string;
  /** Quantities as in a manifest: `4`, `8Gi`. */
  readonly cpu: string;
  readonly memory: string;
  readonly podsMax: number;
  readonly zone: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** NVIDIA GPUs that it has; a device plugin makes them a resource. */
  readonly gpus?: { readonly count: number; readonly model: string };
}
