/** What a field may hold: a name of Go's type, a list of something, or fields of its own. */
export type Shape =
  | 'string'
  | 'bool'
  | 'int32'
  | 'int64'
  | 'float32'
  | 'any'
  | { readonly list: Shape }
  | { readonly struct: string; readonly fields: Readonly<Record<string, Shape>> };

const list = (shape: Shape): Shape => ({ list: shape });
const struct = (name: string, fields: Readonly<Record<string, Shape>>): Shape => ({ struct: name, fields });

const typeMeta = { apiVersion: 'string', kind: 'string' } as const;
const strings = list('string');
const resources = list(struct('ResourceSpec', { name: 'string', weight: 'int64' }));
const plugin = list(struct('Plugin', { name: 'string', weight: 'int32' }));
const pluginSet = struct('PluginSet', { enabled: plugin, disabled: plugin });
const points = [
  'preEnqueue',
  'queueSort',
  'preFilter',
  'filter',
  'postFilter',
  'preScore',
  'score',
  'reserve',
  'permit',
  'preBind',
  'bind',
  'postBind',
  'multiPoint',
];
const profile = struct('KubeSchedulerProfile', {
  schedulerName: 'string',
  percentageOfNodesToScore: 'int32',
  plugins: struct('Plugins', Object.fromEntries(points.map((point) => [point, pluginSet]))),
  pluginConfig: list(struct('PluginConfig', { name: 'string', args: 'any' })),
});
const extender = struct('Extender', {
  urlPrefix: 'string',
  filterVerb: 'string',
  preemptVerb: 'string',
  prioritizeVerb: 'string',
  weight: 'int64',
  bindVerb: 'string',
  enableHTTPS: 'bool',
  tlsConfig: 'any',
  httpTimeout: 'string',
  nodeCacheCapable: 'bool',
  managedResources: list(struct('ExtenderManagedResource', { name: 'string', ignoredByScheduler: 'bool' })),
  ignorable: 'bool',
});

/** KubeSchedulerConfiguration of kubescheduler.config.k8s.io/v1. */
export const configurationShape: Shape = struct('KubeSchedulerConfiguration', {
  ...typeMeta,
  parallelism: 'int32',
  leaderElection: struct('LeaderElectionConfiguration', {
    leaderElect: 'bool',
    leaseDuration: 'string',
    renewDeadline: 'string',
    retryPeriod: 'string',
    resourceLock: 'string',
    resourceName: 'string',
    resourceNamespace: 'string',
  }),
  clientConnection: struct('ClientConnectionConfiguration', {
    kubeconfig: 'string',
    acceptContentTypes: 'string',
    contentType: 'string',
    qps: 'float32',
    burst: 'int32',
  }),
  enableProfiling: 'bool',
  enableContentionProfiling: 'bool',
  percentageOfNodesToScore: 'int32',
  podInitialBackoffSeconds: 'int64',
  podMaxBackoffSeconds: 'int64',
  profiles: list(profile),
  extenders: list(extender),
  delayCacheUntilActive: 'bool',
});

/** What each plugin can be told. Those of other plugins are not looked at. */
export const argsShapes: Readonly<Record<string, Shape>> = {
  NodeResourcesFit: struct('NodeResourcesFitArgs', {
    ...typeMeta,
    ignoredResources: strings,
    ignoredResourceGroups: strings,
    scoringStrategy: struct('ScoringStrategy', {
      type: 'string',
      resources,
      requestedToCapacityRatio: struct('RequestedToCapacityRatioParam', {
        shape: list(struct('UtilizationShapePoint', { utilization: 'int32', score: 'int32' })),
      }),
    }),
  }),
  NodeResourcesBalancedAllocation: struct('NodeResourcesBalancedAllocationArgs', { ...typeMeta, resources }),
  InterPodAffinity: struct('InterPodAffinityArgs', {
    ...typeMeta,
    hardPodAffinityWeight: 'int32',
    ignorePreferredTermsOfExistingPods: 'bool',
  }),
  NodeAffinity: struct('NodeAffinityArgs', { ...typeMeta, addedAffinity: 'any' }),
  PodTopologySpread: struct('PodTopologySpreadArgs', {
    ...typeMeta,
    defaultConstraints: list(
      struct('TopologySpreadConstraint', {
        maxSkew: 'int32',
        topologyKey: 'string',
        whenUnsatisfiable: 'string',
        labelSelector: 'any',
        minDomains: 'int32',
        nodeAffinityPolicy: 'string',
        nodeTaintsPolicy: 'string',
        matchLabelKeys: strings,
      }),
    ),
    defaultingType: 'string',
  }),
  DefaultPreemption: struct('DefaultPreemptionArgs', {
    ...typeMeta,
    minCandidateNodesPercentage: 'int32',
    minCandidateNodesAbsolute: 'int32',
  }),
  VolumeBinding: struct('VolumeBindingArgs', { ...typeMeta, bindTimeoutSeconds: 'int64', shape: 'any' }),
};

/** What is wrong with a value: fields that nobody knows, by their paths, or a type that does not fit. */
export interface ShapeErrors {
  readonly unknown: string[];
  mismatch: string | null;
}

/** Compares a value with its shape, as Go's strict decoder does: the first value of a wrong type ends it. */
export function checkShape(value: unknown, shape: Shape): ShapeErrors {
  const errors: ShapeErrors = { unknown: [], mismatch: null };
  check(value, shape, '', '', errors);
  return errors;
}

function check(value: unknown, shape: Shape, path: string, where: string, errors: ShapeErrors): void {
  if (value === null || value === undefined || shape === 'any' || errors.mismatch !== null) return;
  const mismatch = (type: string) => {
    const into = where === '' ? 'Go value' : `Go struct field ${where}`;
    errors.mismatch = `json: cannot unmarshal ${kindOf(value)} into ${into} of type ${type}`;
  };
  if (typeof shape === 'string') {
    if (!fits(value, shape)) mismatch(shape);
  } else if ('list' in shape) {
    if (!Array.isArray(value)) return mismatch(`[]${nameOf(shape.list)}`);
    for (const [index, item] of value.entries()) check(item, shape.list, `${path}[${index}]`, where, errors);
  } else {
    if (typeof value !== 'object' || Array.isArray(value)) return mismatch(nameOf(shape));
    for (const [key, item] of Object.entries(value)) {
      const inner = path === '' ? key : `${path}.${key}`;
      const field = shape.fields[key];
      if (field === undefined) errors.unknown.push(inner);
      else check(item, field, inner, `${where === '' ? shape.struct : where}.${key}`, errors);
    }
  }
}

function fits(value: unknown, type: string): boolean {
  if (type === 'string') return typeof value === 'string';
  if (type === 'bool') return typeof value === 'boolean';
  return typeof value === 'number' && (type === 'float32' || Number.isInteger(value));
}

function nameOf(shape: Shape): string {
  if (typeof shape === 'string') return shape;
  return 'list' in shape ? `[]${nameOf(shape.list)}` : `v1.${shape.struct}`;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'number' : `number ${value}`;
  return typeof value;
}
