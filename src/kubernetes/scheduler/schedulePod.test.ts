import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Affinity, Node, Pod } from '#generated/types/core.v1.ts';
import { KindSet } from '#kubernetes/api/kindSet.ts';
import { Client } from '#kubernetes/client/client.ts';
import { EventRecorder } from '#kubernetes/client/eventRecorder.ts';
import { Informers } from '#kubernetes/client/informer.ts';
import { Simulation } from '#sim/simulation.ts';
import { Cache } from './cache.ts';
import { laterPlugins } from './laterPlugins.ts';
import { Nominator } from './nominator.ts';
import { defaultPlugins } from './plugins/registry.ts';
import { feasibleNodesToFind, PodScheduler } from './schedulePod.ts';
import { describeUnfit } from './schedulingError.ts';
import { makeNode, makePod } from './testObjects.ts';

// Facts from upstream's TestNumFeasibleNodesToFind.
test.each([
  ['not set percentageOfNodesToScore and nodes number not more than 50', 0, 10, 10],
  ['set percentageOfNodesToScore and nodes number not more than 50', 40, 10, 10],
  ['not set percentageOfNodesToScore and nodes number more than 50', 0, 1000, 420],
  ['set percentageOfNodesToScore and nodes number more than 50', 40, 1000, 400],
  ['not set percentageOfNodesToScore and nodes number more than 50*125', 0, 6000, 300],
  ['set percentageOfNodesToScore and nodes number more than 50*125', 40, 6000, 2400],
  ['never fewer than 100', 5, 1000, 100],
])('%s', (_name, percentage, nodes, expected) => {
  expect(feasibleNodesToFind(nodes, percentage)).toBe(expected);
});

/** A scheduler without API server: what it decides is assumed at once. */
class Bench {
  readonly cache = new Cache();
  readonly nominator = new Nominator();
  readonly #scheduler: PodScheduler;

  constructor(isCaching: boolean, percentageOfNodesToScore = 0) {
    const simulation = new Simulation({ seed: 'bench', startMs: 0 });
    const client = new Client(
      () => {
        throw new Error('no server');
      },
      { name: 'nobody', groups: [] },
    );
    const { cache, nominator } = this;
    const context = {
      simulation,
      client,
      kinds: new KindSet(),
      informers: new Informers(simulation, client),
      recorder: new EventRecorder(simulation, client, 'default-scheduler'),
      cache,
      nominator,
      move: () => {},
    };
    const later = laterPlugins(context)();
    this.#scheduler = new PodScheduler({
      cache,
      nominator,
      plugins: defaultPlugins(context, () => later),
      random: simulation.random('scheduler'),
      percentageOfNodesToScore,
      isCaching,
    });
  }

  /** The name of the node, or the sentence. */
  place(pod: Pod): string {
    const { node, diagnosis } = this.#scheduler.schedule(pod);
    if (node === null) return describeUnfit(diagnosis!, '');
    this.cache.assume({ ...pod, spec: { ...pod.spec, nodeName: node.name } });
    return node.name;
  }
}

test('each pod starts to look where the one before it stopped', () => {
  const bench = new Bench(true);
  for (let i = 0; i < 1000; i++) bench.cache.setNode(makeNode(`n${i}`));
  const first = Number(bench.place(makePod()).slice(1));
  const second = Number(bench.place(makePod()).slice(1));
  const third = Number(bench.place(makePod()).slice(1));
  expect(first).toBeLessThan(420);
  expect(second).toBeGreaterThanOrEqual(420);
  expect(second).toBeLessThan(840);
  expect(third >= 840 || third < 260).toBe(true);
});

test('nodes of several zones take turns', () => {
  const bench = new Bench(true);
  for (const [name, zone] of [
    ['a1', 'a'],
    ['a2', 'a'],
    ['b1', 'b'],
    ['c1', 'c'],
    ['a3', 'a'],
  ] as const)
    bench.cache.setNode(makeNode(name, { labels: { 'topology.kubernetes.io/zone': zone } }));
  expect(bench.cache.order.map(({ name }) => name)).toEqual(['a1', 'b1', 'c1', 'a2', 'a3']);
});

test('ties are broken by lot, with the seed', () => {
  const run = () => {
    const bench = new Bench(true);
    for (let i = 0; i < 50; i++) bench.cache.setNode(makeNode(`n${i}`));
    return Array.from({ length: 20 }, () => bench.place(makePod({ requests: { cpu: '2' } })));
  };
  const chosen = run();
  expect(new Set(chosen).size).toBe(20);
  expect(chosen).not.toEqual(chosen.toSorted());
  expect(run()).toEqual(chosen);
});

test('a pod that names nodes says which plugin left out the others', () => {
  const bench = new Bench(true);
  for (let i = 0; i < 5; i++) bench.cache.setNode(makeNode(`n${i}`));
  const matchFields = [{ key: 'metadata.name', operator: 'In' as const, values: ['n3'] }];
  const affinity: Affinity = {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] },
    },
  };
  expect(bench.place(makePod({ affinity }))).toBe('n3');
  expect(bench.place(makePod({ affinity, requests: { cpu: '9' } }))).toBe(
    "0/5 nodes are available: 1 Insufficient cpu, 4 node(s) didn't satisfy plugin(s) [NodeAffinity].",
  );
});

test('room that was promised to a pod of no lower priority is not given away', () => {
  const bench = new Bench(true);
  bench.cache.setNode(makeNode('n0'));
  const promised = makePod({ priority: 5, requests: { cpu: '3' } });
  bench.nominator.set(promised, 'n0');
  expect(bench.place(makePod({ priority: 5, requests: { cpu: '2' } }))).toBe(
    '0/1 nodes are available: 1 Insufficient cpu.',
  );
  expect(bench.place(makePod({ priority: 6, requests: { cpu: '2' } }))).toBe('n0');
});

test('a nominated pod takes its node, though others would score higher', () => {
  const bench = new Bench(true);
  bench.cache.setNode(makeNode('small', { allocatable: { cpu: '2' } }));
  bench.cache.setNode(makeNode('large', { allocatable: { cpu: '8' } }));
  const pod = makePod({ requests: { cpu: '1' }, status: { nominatedNodeName: 'small' } });
  expect(bench.place(pod)).toBe('small');
});

const zones = ['a', 'b', 'c'];
const noSchedule = { key: 'k', effect: 'NoSchedule' as const };
const preferNoSchedule = { key: 'p', effect: 'PreferNoSchedule' as const };

const arbitraryNode = fc.record({
  cpu: fc.integer({ min: 1, max: 8 }),
  zone: fc.option(fc.constantFrom(...zones), { nil: undefined }),
  taints: fc.subarray([noSchedule, preferNoSchedule]),
  isCordoned: fc.boolean(),
});

/** Templates that pods of a run share, as replicas do. */
const arbitraryTemplate = fc.record({
  cpu: fc.integer({ min: 0, max: 3 }),
  label: fc.constantFrom('x', 'y'),
  isTolerant: fc.boolean(),
  hostPort: fc.option(fc.constantFrom(80, 81), { nil: undefined }),
  selects: fc.option(fc.constantFrom(...zones), { nil: undefined }),
  prefers: fc.option(fc.constantFrom(...zones), { nil: undefined }),
  spread: fc.option(fc.constantFrom('DoNotSchedule' as const, 'ScheduleAnyway' as const), { nil: undefined }),
  avoids: fc.option(fc.constantFrom('x', 'y'), { nil: undefined }),
});

type Template = typeof arbitraryTemplate extends fc.Arbitrary<infer T> ? T : never;

function affinityOf({ prefers, avoids }: Template): Affinity {
  const matchExpressions = [
    { key: 'topology.kubernetes.io/zone', operator: 'In' as const, values: [prefers ?? ''] },
  ];
  const topologyKey = 'kubernetes.io/hostname';
  return {
    ...(prefers !== undefined && {
      nodeAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 5, preference: { matchExpressions } }],
      },
    }),
    ...(avoids !== undefined && {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey, labelSelector: { matchLabels: { app: avoids } } },
        ],
      },
    }),
  };
}

function podOf(template: Template): Omit<Pod, 'metadata'> & { labels: Record<string, string> } {
  const { cpu, label, isTolerant, hostPort, selects, spread } = template;
  const ports = hostPort === undefined ? [] : [{ containerPort: hostPort, hostPort }];
  const spec = makePod({
    containers: [{ name: 'c', image: 'i', resources: { requests: { cpu } }, ports }],
    affinity: affinityOf(template),
    ...(isTolerant && { tolerations: [{ operator: 'Exists' as const }] }),
    ...(selects !== undefined && { nodeSelector: { 'topology.kubernetes.io/zone': selects } }),
    ...(spread !== undefined && {
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: 'topology.kubernetes.io/zone',
          whenUnsatisfiable: spread,
          labelSelector: { matchLabels: { app: label } },
        },
      ],
    }),
  });
  return { ...spec, labels: { app: label } };
}

const arbitraryStep = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('pod' as const), which: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), which: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cordon' as const), which: fc.nat(11) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lose' as const), which: fc.nat(11) }) },
);
type Step = typeof arbitraryStep extends fc.Arbitrary<infer T> ? T : never;

function nodeOf(options: typeof arbitraryNode extends fc.Arbitrary<infer T> ? T : never, i: number): Node {
  return makeNode(`n${i}`, {
    ...(options.zone !== undefined && { labels: { 'topology.kubernetes.io/zone': options.zone } }),
    allocatable: { cpu: options.cpu, pods: 6 },
    taints: options.taints,
    unschedulable: options.isCordoned,
  });
}

/** Runs one history and tells where each pod went. */
function play(
  nodes: readonly Node[],
  templates: readonly Template[],
  steps: readonly Step[],
  isCaching: boolean,
) {
  const bench = new Bench(isCaching);
  for (const node of nodes) bench.cache.setNode(node);
  const shapes = templates.map(podOf);
  return steps.map((step, i) => {
    const node = nodes[step.which % nodes.length]!;
    const { name } = node.metadata;
    if (step.kind === 'delete') bench.cache.removePod(`default/p${step.which}`);
    else if (step.kind === 'lose') bench.cache.removeNode(name);
    else if (step.kind === 'cordon')
      bench.cache.setNode({ ...node, spec: { ...node.spec, unschedulable: true } });
    else {
      const { labels, ...shape } = shapes[step.which % shapes.length]!;
      return bench.place({ ...shape, metadata: { ...makePod({ name: `p${i}` }).metadata, labels } });
    }
    return '';
  });
}

test('what is remembered of a template never changes a decision', () => {
  fc.assert(
    fc.property(
      fc.array(arbitraryNode, { minLength: 1, maxLength: 12 }),
      fc.array(arbitraryTemplate, { minLength: 1, maxLength: 4 }),
      fc.array(arbitraryStep, { minLength: 1, maxLength: 60 }),
      (options, templates, steps) => {
        const nodes = options.map(nodeOf);
        expect(play(nodes, templates, steps, true)).toEqual(play(nodes, templates, steps, false));
      },
    ),
    { numRuns: 150, seed: 7 },
  );
});
