// Upstream: sigs.k8s.io/kustomize/api/types/{kustomization,fix}.go, api/internal/target/kusttarget.go
import { isObject } from '#kubernetes/apimachinery/goValue.ts';
import { parseDocument } from '#kubernetes/apimachinery/yamlDocument.ts';
import { CommandError } from '../errors.ts';

export interface Selector {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly annotationSelector?: string;
}

export interface PatchEntry {
  readonly path?: string;
  readonly patch?: string;
  readonly target?: Selector;
}

export interface GeneratorOptions {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly disableNameSuffixHash?: boolean;
  readonly immutable?: boolean;
}

export interface Generator {
  readonly name?: string;
  readonly namespace?: string;
  readonly behavior?: 'create' | 'merge' | 'replace';
  readonly literals?: readonly string[];
  readonly files?: readonly string[];
  readonly envs?: readonly string[];
  readonly env?: string;
  readonly type?: string;
  readonly options?: GeneratorOptions;
}

export interface ImageEntry {
  readonly name: string;
  readonly newName?: string;
  readonly newTag?: string;
  readonly digest?: string;
}

export interface LabelEntry {
  readonly pairs?: Readonly<Record<string, string>>;
  readonly includeSelectors?: boolean;
  readonly includeTemplates?: boolean;
}

/** What a kustomization.yaml says. */
export interface Kustomization {
  readonly resources: readonly string[];
  readonly namespace?: string;
  readonly namePrefix?: string;
  readonly nameSuffix?: string;
  readonly commonLabels?: Readonly<Record<string, string>>;
  readonly commonAnnotations?: Readonly<Record<string, string>>;
  readonly labels: readonly LabelEntry[];
  readonly images: readonly ImageEntry[];
  readonly replicas: readonly { readonly name: string; readonly count: number }[];
  readonly patches: readonly PatchEntry[];
  readonly configMapGenerator: readonly Generator[];
  readonly secretGenerator: readonly Generator[];
  readonly generatorOptions?: GeneratorOptions;
  /** Sentences about fields that have others in their place. */
  readonly warnings: readonly string[];
}

const simulated = new Set([
  'apiVersion',
  'kind',
  'metadata',
  'resources',
  'bases',
  'namespace',
  'namePrefix',
  'nameSuffix',
  'commonLabels',
  'commonAnnotations',
  'labels',
  'images',
  'replicas',
  'patches',
  'patchesStrategicMerge',
  'patchesJson6902',
  'configMapGenerator',
  'secretGenerator',
  'generatorOptions',
]);
const others = new Set([
  'buildMetadata',
  'components',
  'configurations',
  'crds',
  'generators',
  'helmCharts',
  'helmChartInflationGenerator',
  'helmGlobals',
  'openapi',
  'replacements',
  'sortOptions',
  'transformers',
  'validators',
  'vars',
]);
const deprecated: Readonly<Record<string, string>> = {
  bases: 'resources',
  commonLabels: 'labels',
  patchesJson6902: 'patches',
  patchesStrategicMerge: 'patches',
};

/** Reads a kustomization.yaml. Throws CommandError. */
export function readKustomization(text: string): Kustomization {
  const read = parseDocument(text, 3);
  if (!isObject(read) || Object.keys(read).length === 0)
    throw new CommandError('kustomization.yaml is empty');
  for (const field of Object.keys(read)) {
    if (others.has(field))
      throw new CommandError(
        `Podarium does not simulate kustomize's ${field} yet: write out what it makes, and name that under resources`,
      );
    if (!simulated.has(field))
      throw new CommandError(`invalid Kustomization: json: unknown field ${JSON.stringify(field)}`);
  }
  const given = read as Partial<Kustomization> & {
    readonly bases?: readonly string[];
    readonly patchesStrategicMerge?: readonly string[];
    readonly patchesJson6902?: readonly PatchEntry[];
  };
  const merges = (given.patchesStrategicMerge ?? []).map((entry): PatchEntry =>
    entry.includes('\n') ? { patch: entry } : { path: entry },
  );
  const kept = ['namespace', 'namePrefix', 'nameSuffix', 'commonLabels', 'commonAnnotations'] as const;
  return {
    ...(Object.fromEntries(
      kept.filter((field) => given[field] !== undefined).map((field) => [field, given[field]]),
    ) as Partial<Kustomization>),
    ...(given.generatorOptions && { generatorOptions: given.generatorOptions }),
    resources: [...(given.resources ?? []), ...(given.bases ?? [])],
    labels: given.labels ?? [],
    images: given.images ?? [],
    replicas: given.replicas ?? [],
    patches: [...merges, ...(given.patches ?? []), ...(given.patchesJson6902 ?? [])],
    configMapGenerator: given.configMapGenerator ?? [],
    secretGenerator: given.secretGenerator ?? [],
    warnings: Object.keys(deprecated)
      .filter((field) => field in read)
      .map(
        (field) =>
          `# Warning: '${field}' is deprecated. Please use '${deprecated[field]}' instead. Run 'kustomize edit fix' to update your Kustomization automatically.`,
      ),
  };
}
