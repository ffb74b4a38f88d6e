import { expect, test } from 'vitest';
import { defaultEntries } from '../plugins/registry.ts';
import type { SchedulerConfiguration } from './configuration.ts';
import { configure } from './configure.ts';
import { loadConfiguration, pluginArgsOf } from './load.ts';
import { pluginPoints } from './pluginPoints.ts';
import { checkProfile } from './profiles.ts';

// Upstream: pkg/scheduler/apis/config/{v1/default_plugins,v1/defaults,validation/validation,validation/validation_pluginargs}_test.go, cmd/kube-scheduler/app/options/options_test.go

const path = '/etc/kubernetes/config.yaml';
const head = 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n';

/** What a scheduler answers that is started with these flags and this file, and what it logs. */
function start(
  text: string | null,
  ...flags: string[]
): { answer: SchedulerConfiguration | number | null; log: string } {
  let log = '';
  const answer = configure({
    args: ['kube-scheduler', '--leader-elect=true', ...flags],
    nowMs: Date.UTC(2026, 0, 5, 9, 0, 1, 250),
    read: (name) => (name === path ? text : null),
    log: (line) => (log += line),
  });
  return { answer, log };
}

/** The error that a file makes it end with; '' for none. */
function errorOf(text: string): string {
  const { answer, log } = start(text, `--config=${path}`);
  const [, error] = /^E0105 09:00:01.250000 {7}1 run.go:72\] "command failed" err=(".*")\n$/s.exec(log) ?? [];
  expect(answer === 1).toBe(error !== undefined);
  return error === undefined ? '' : (JSON.parse(error) as string);
}

test('without a file the defaults hold', () => {
  expect(start(null)).toEqual({ answer: null, log: '' });
});

test.each([
  ['a file that is not there', ['--config', path], `open ${path}: no such file or directory`],
  ['a flag that is none', ['--confg=x'], 'unknown flag: --confg'],
])('%s ends it', (_, flags, error) => {
  const { answer, log } = start(null, ...flags);
  expect(answer).toBe(1);
  expect(log).toContain(`err=${JSON.stringify(error)}`);
});

test('an empty configuration has the defaults', () => {
  const { profiles, ...rest } = loadConfiguration(head);
  expect(rest).toEqual({
    parallelism: 16,
    percentageOfNodesToScore: 0,
    podInitialBackoffSeconds: 1,
    podMaxBackoffSeconds: 10,
    leaderElection: { leaderElect: true, resourceLock: 'leases' },
    extenders: [],
    gates: { gangScheduling: false },
  });
  expect(profiles.map(({ schedulerName }) => schedulerName)).toEqual(['default-scheduler']);
  expect(pluginArgsOf(profiles[0]!)).toMatchObject({
    NodeResourcesFit: { scoringStrategy: { type: 'LeastAllocated' } },
    InterPodAffinity: { hardPodAffinityWeight: 1 },
    PodTopologySpread: { defaultingType: 'System' },
    DefaultPreemption: { minCandidateNodesPercentage: 10, minCandidateNodesAbsolute: 100 },
    VolumeBinding: { bindTimeoutSeconds: 600 },
  });
});

const args = (name: string, text: string) =>
  `${head}profiles:\n- schedulerName: p\n  pluginConfig:\n  - name: ${name}\n    args: ${text}\n`;
const own = 'profiles[0].pluginConfig[0].args';
const plugins = (text: string) => `${head}profiles:\n- schedulerName: p\n  plugins: ${text}\n`;
const creating = 'initializing profiles: creating profile for scheduler name p: ';

test.each([
  [
    `${head}percentageOfNodesToScore: 101`,
    'percentageOfNodesToScore: Invalid value: 101: not in valid range [0-100]',
  ],
  [`${head}parallelism: 0`, 'parallelism: Invalid value: 0: should be an integer value greater than zero'],
  [
    `${head}podInitialBackoffSeconds: 0\npodMaxBackoffSeconds: -1`,
    '[podInitialBackoffSeconds: Invalid value: 0: must be greater than 0, podMaxBackoffSeconds: Invalid value: -1: must be greater than or equal to PodInitialBackoffSeconds]',
  ],
  [
    `${head}leaderElection: {resourceLock: configmaps}`,
    'leaderElection.resourceLock: Invalid value: "configmaps": resourceLock value must be "leases"',
  ],
  [
    `${head}profiles:\n- percentageOfNodesToScore: -1\n- schedulerName: a\n`,
    '[profiles[0].schedulerName: Required value, profiles[0].percentageOfNodesToScore: Invalid value: -1: not in valid range [0-100]]',
  ],
  [
    `${head}profiles:\n- schedulerName: a\n- schedulerName: a\n`,
    'profiles[1].schedulerName: Duplicate value: "profiles[0].schedulerName"',
  ],
  [`${head}colour: red`, 'strict decoding error: unknown field "colour"'],
  [
    `${head}profiles:\n- schedulerName: p\n  plugin: {}\n`,
    'strict decoding error: unknown field "profiles[0].plugin"',
  ],
  [
    `${head}podMaxBackoffSeconds: long`,
    'json: cannot unmarshal string into Go struct field KubeSchedulerConfiguration.podMaxBackoffSeconds of type int64',
  ],
  [
    'apiVersion: kubescheduler.config.k8s.io/v1beta3\nkind: KubeSchedulerConfiguration\n',
    'no kind "KubeSchedulerConfiguration" is registered for version "kubescheduler.config.k8s.io/v1beta3" in scheme "pkg/scheduler/apis/config/scheme/scheme.go:30"',
  ],
  [
    args('NodeResourcesFit', '{ scoringStrategie: {} }'),
    'strict decoding error: decoding .profiles[0].pluginConfig[0]: strict decoding error: decoding args for plugin NodeResourcesFit: strict decoding error: unknown field "scoringStrategie"',
  ],
  [
    args('NodeResourcesFit', '{ scoringStrategy: { type: Fullest } }'),
    `${creating}initializing plugin "NodeResourcesFit": scoringStrategy.type: Unsupported value: "Fullest": supported values: "LeastAllocated", "MostAllocated", "RequestedToCapacityRatio"`,
  ],
  [
    args('NodeResourcesFit', '{ scoringStrategy: { type: RequestedToCapacityRatio } }'),
    `${creating}initializing plugin "NodeResourcesFit": scoringStrategy.requestedToCapacityRatio: Required value: must be specified when type is RequestedToCapacityRatio`,
  ],
  [
    args(
      'NodeResourcesFit',
      '{ scoringStrategy: { type: RequestedToCapacityRatio, requestedToCapacityRatio: { shape: [{ utilization: 50, score: 0 }, { utilization: 20, score: 11 }] } } }',
    ),
    `${creating}initializing plugin "NodeResourcesFit": [scoringStrategy.requestedToCapacityRatio.shape[1].utilization: Invalid value: 20: values must be sorted in increasing order, scoringStrategy.requestedToCapacityRatio.shape[1].score: Invalid value: 11: not in valid range [0, 10]]`,
  ],
  [
    args(
      'NodeResourcesFit',
      '{ scoringStrategy: { type: MostAllocated, resources: [{ name: cpu, weight: 101 }] } }',
    ),
    `${creating}initializing plugin "NodeResourcesFit": scoringStrategy.resources[0].weight: Invalid value: 101: resource weight of cpu not in valid range (0, 100]`,
  ],
  [
    args('NodeResourcesFit', '{ ignoredResourceGroups: [a.io/b] }'),
    `${creating}initializing plugin "NodeResourcesFit": ignoredResourceGroups[0]: Invalid value: "a.io/b": resource group name can't contain '/'`,
  ],
  [
    args('NodeResourcesBalancedAllocation', '{ resources: [{ name: cpu, weight: 2 }, { name: cpu }] }'),
    `[${own}.resources[0].weight: Invalid value: 2: must be 1, ${own}.resources[1].name: Duplicate value: "cpu"]`,
  ],
  [
    args('InterPodAffinity', '{ hardPodAffinityWeight: 101 }'),
    `${own}.hardPodAffinityWeight: Invalid value: 101: not in valid range [0, 100]`,
  ],
  [
    args('DefaultPreemption', '{ minCandidateNodesPercentage: 0, minCandidateNodesAbsolute: 0 }'),
    `[${own}.minCandidateNodesPercentage: Invalid value: 0: cannot be zero at the same time as minCandidateNodesAbsolute, ${own}.minCandidateNodesAbsolute: Invalid value: 0: cannot be zero at the same time as minCandidateNodesPercentage]`,
  ],
  [
    args(
      'PodTopologySpread',
      '{ defaultConstraints: [{ maxSkew: 1, topologyKey: rack, whenUnsatisfiable: DoNotSchedule }] }',
    ),
    `${own}.defaultingType: Invalid value: "System": when .defaultConstraints are not empty`,
  ],
  [
    args(
      'PodTopologySpread',
      '{ defaultingType: List, defaultConstraints: [{ maxSkew: 0, whenUnsatisfiable: Never, labelSelector: {} }] }',
    ),
    `[${own}.defaultConstraints[0].maxSkew: Invalid value: 0: not in valid range (0, inf), ${own}.defaultConstraints[0].topologyKey: Required value: can not be empty, ${own}.defaultConstraints[0].whenUnsatisfiable: Unsupported value: "Never": supported values: "DoNotSchedule", "ScheduleAnyway", ${own}.defaultConstraints[0].labelSelector: Forbidden: constraint must not define a selector, as they deduced for each pod]`,
  ],
  [
    args('VolumeBinding', '{ bindTimeoutSeconds: -1 }'),
    `${own}.bindTimeoutSeconds: Invalid value: -1: invalid BindTimeoutSeconds, should not be a negative value`,
  ],
  [
    args(
      'NodeAffinity',
      '{ addedAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: a, operator: Near }] }] } } }',
    ),
    `${own}.addedAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].operator: Invalid value: "Near": not a valid selector operator`,
  ],
  [plugins('{ score: { enabled: [{ name: Foo }] } }'), `${creating}ScorePlugin "Foo" does not exist`],
  [
    plugins('{ score: { enabled: [{ name: NodeName }] } }'),
    `${creating}plugin "NodeName" does not extend ScorePlugin plugin`,
  ],
  [
    plugins('{ filter: { enabled: [{ name: NodeName }, { name: NodeName }] } }'),
    `${creating}plugin "NodeName" already registered as "FilterPlugin"`,
  ],
  [
    plugins('{ queueSort: { disabled: [{ name: "*" }] } }'),
    `${creating}only one queue sort plugin required for profile with scheduler name "p", but got 0`,
  ],
  [
    plugins('{ bind: { disabled: [{ name: "*" }] } }'),
    `${creating}at least one bind plugin is needed for profile with scheduler name "p"`,
  ],
  [
    plugins('{ filter: { enabled: [{ name: EBSLimits }] } }'),
    'profiles[0].plugins.filter.enabled[0]: Invalid value: "EBSLimits": was invalid in version "v1" (KubeSchedulerConfiguration is version "kubescheduler.config.k8s.io/v1")',
  ],
  [
    `${head}extenders: [{ urlPrefix: "http://a", prioritizeVerb: p }]`,
    'extenders[0].weight: Invalid value: 0: must have a positive weight applied to it',
  ],
  [
    `${head}extenders: [{ urlPrefix: "http://a", bindVerb: b }, { urlPrefix: "http://b", bindVerb: b }]`,
    'extenders: Invalid value: "found 2 extenders implementing bind": only one extender can implement bind',
  ],
  [
    `${head}extenders: [{ urlPrefix: "http://a", managedResources: [{ name: cpu }, { name: a.io/b }, { name: a.io/b }] }]`,
    '[extenders[0].managedResources[0].name: Invalid value: "cpu": is an invalid extended resource name, extenders[0].managedResources[2].name: Invalid value: "a.io/b": duplicate extender managed resource name]',
  ],
  [`${head}extenders: [{ urlPrefix: "http://a", httpTimeout: soon }]`, 'time: invalid duration "soon"'],
  [args('NodeAffinity', '{}'), ''],
  [args('SomeoneElses', '{ anything: 1 }'), ''],
])('%s', (text, error) => {
  expect(errorOf(text)).toBe(error);
});

const filters = [
  'NodeUnschedulable',
  'NodeName',
  'TaintToleration',
  'NodeAffinity',
  'NodePorts',
  'NodeResourcesFit',
  'VolumeRestrictions',
  'NodeVolumeLimits',
  'VolumeBinding',
  'VolumeZone',
  'PodTopologySpread',
  'InterPodAffinity',
];

test.each<
  [string, string, Partial<Record<'filter' | 'bind', readonly string[]>>, Readonly<Record<string, number>>]
>([
  [
    'none',
    '{}',
    { filter: filters, bind: ['DefaultBinder'] },
    { TaintToleration: 3, NodeAffinity: 2, NodeResourcesFit: 1, PodTopologySpread: 2, ImageLocality: 1 },
  ],
  [
    'one at a point',
    '{ filter: { disabled: [{ name: NodeName }] } }',
    { filter: filters.filter((name) => name !== 'NodeName') },
    {},
  ],
  ['all at a point', '{ filter: { disabled: [{ name: "*" }] } }', { filter: [] }, {}],
  [
    'all at a point but one',
    '{ filter: { disabled: [{ name: "*" }], enabled: [{ name: NodePorts }] } }',
    { filter: ['NodePorts'] },
    {},
  ],
  [
    'one everywhere',
    '{ multiPoint: { disabled: [{ name: NodeName }] } }',
    { filter: filters.filter((name) => name !== 'NodeName') },
    {},
  ],
  [
    'all everywhere but some',
    '{ multiPoint: { disabled: [{ name: "*" }], enabled: [{ name: NodeName }, { name: PrioritySort }, { name: DefaultBinder }] } }',
    { filter: ['NodeName'], bind: ['DefaultBinder'] },
    {},
  ],
  [
    'an order: what is named at a point comes first',
    '{ filter: { enabled: [{ name: NodePorts }] } }',
    { filter: ['NodePorts', ...filters.filter((name) => name !== 'NodePorts')] },
    {},
  ],
  [
    'a weight at the point, before that of everywhere',
    '{ score: { enabled: [{ name: NodeAffinity, weight: 7 }] }, multiPoint: { enabled: [{ name: NodeAffinity, weight: 5 }, { name: TaintToleration, weight: 9 }] } }',
    { filter: filters },
    { NodeAffinity: 7, TaintToleration: 9, ImageLocality: 1 },
  ],
])('disabled or enabled: %s', (_, text, order, weights) => {
  const [profile] = loadConfiguration(plugins(text)).profiles;
  const expansion = checkProfile(profile!, defaultEntries);
  expect(expansion.order).toMatchObject(order);
  expect(Object.fromEntries(expansion.weights)).toMatchObject(weights);
});

test('every default plugin extends some point', () => {
  const names = [...defaultEntries.map(({ name }) => name), 'GangScheduling'];
  expect(Object.keys(pluginPoints).toSorted()).toEqual(names.toSorted());
});
