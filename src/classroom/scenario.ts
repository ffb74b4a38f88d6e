/** Worker nodes that a scenario may be given. */
export const nodesMax = 5_000;

/** What a gallery entry starts: a cluster, some files, and what is typed first. Data only. */
export interface Scenario {
  /** Stable: links carry it. */
  readonly id: string;
  readonly title: string;
  /** One sentence for the gallery. */
  readonly summary: string;
  /** How many nodes the control plane runs on; one when absent. */
  readonly controlPlanes?: number;
  /** The release that the cluster is installed with, such as `v1.35.0`; the newest when absent. */
  readonly version?: string;
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

/** The scenario with `count` nodes, shaped as its first. Its id says so, and links carry that. */
export function withNodes(scenario: Scenario, count: number): Scenario {
  const shape = scenario.nodes[0] ?? { name: '', cpu: '4', memory: '8Gi', podsMax: 110, zone: '' };
  const nodes = Array.from({ length: count }, (_, index) => ({
    ...shape,
    name: `node-${index + 1}`,
    zone: `zone-${'abc'.charAt(index % 3)}`,
  }));
  return { ...scenario, id: `${scenario.id.replace(/~\d+$/, '')}~${count}`, nodes };
}

/** The scenario of an id: one of the gallery, or one of those with another number of nodes. */
export function findScenario(
  gallery: { get(id: string): Scenario | undefined },
  id: string,
): Scenario | undefined {
  const [, name, count] = /^(.+)~(\d{1,4})$/.exec(id) ?? [];
  if (name === undefined) return gallery.get(id);
  const scenario = gallery.get(name);
  return scenario && Number(count) <= nodesMax ? withNodes(scenario, Number(count)) : undefined;
}
