import { expect, test } from 'vitest';
import type { Pod } from '#generated/types/core.v1.ts';
import { loadConfiguration } from './configuration/load.ts';
import { makeNode, makePod } from './testObjects.ts';
import { TestScheduler } from './testScheduler.ts';

// Upstream: pkg/scheduler/extender_test.go, test/integration/scheduler/extender/extender_test.go

interface Question {
  readonly Pod: Pod;
  readonly Nodes: { readonly items: readonly { readonly metadata: { readonly name: string } }[] } | null;
  readonly NodeNames: readonly string[] | null;
}
type Answer = (question: Question) => unknown;

/** A scheduler with two nodes and these extenders: what each answers by URL; a string is an error of the connection. */
function world(
  extenders: string,
  answers: Readonly<Record<string, Answer | string | number>>,
): TestScheduler {
  const head = 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n';
  const configuration = loadConfiguration(`${head}extenders: ${extenders}`);
  const made = new TestScheduler({}, 'test', configuration, (url, body) => {
    const answer = answers[url]!;
    if (typeof answer === 'string') return { error: answer, latencyMs: 20 };
    if (typeof answer === 'number') return { status: answer, body: '', latencyMs: 20 };
    return { status: 200, body: JSON.stringify(answer(JSON.parse(body) as Question)), latencyMs: 20 };
  });
  for (const name of ['a', 'b']) made.addNode(makeNode(name));
  made.run();
  return made;
}

const only =
  (name: string): Answer =>
  ({ Nodes }) => ({
    Nodes: { items: Nodes!.items.filter(({ metadata }) => metadata.name === name) },
    FailedNodes: Object.fromEntries(
      Nodes!.items
        .filter(({ metadata }) => metadata.name !== name)
        .map(({ metadata }) => [metadata.name, 'not it']),
    ),
  });
const nobody: Answer = ({ Nodes }) => ({
  FailedNodes: Object.fromEntries(Nodes!.items.map(({ metadata }) => [metadata.name, 'none is good'])),
});
const prefer =
  (name: string): Answer =>
  ({ Nodes }) =>
    Nodes!.items.map(({ metadata }) => ({ host: metadata.name, score: metadata.name === name ? 10 : 1 }));

const filtering = '[{ urlPrefix: "http://x/", filterVerb: filter }]';

test.each<[string, string, Readonly<Record<string, Answer | string | number>>, string, string]>([
  ['a filter leaves one', filtering, { 'http://x/filter': only('b') }, 'b', 'Scheduled'],
  [
    'a filter leaves none',
    filtering,
    { 'http://x/filter': nobody },
    '',
    'FailedScheduling 0/2 nodes are available: 2 none is good. preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.',
  ],
  [
    'a filter leaves none for good',
    filtering,
    { 'http://x/filter': () => ({ FailedAndUnresolvableNodes: { a: 'never', b: 'never' } }) },
    '',
    'FailedScheduling 0/2 nodes are available: 2 never. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.',
  ],
  [
    'two filters, one after the other',
    '[{ urlPrefix: "http://x", filterVerb: filter }, { urlPrefix: "http://y", filterVerb: filter }]',
    { 'http://x/filter': only('b'), 'http://y/filter': only('a') },
    '',
    'FailedScheduling 0/2 nodes are available: 2 not it.',
  ],
  [
    'nodes by their names',
    '[{ urlPrefix: "http://x", filterVerb: filter, nodeCacheCapable: true }]',
    { 'http://x/filter': ({ NodeNames }) => ({ NodeNames: NodeNames!.filter((name) => name === 'a') }) },
    'a',
    'Scheduled',
  ],
  [
    'an answer that is an error',
    filtering,
    { 'http://x/filter': () => ({ Error: 'I do not know' }) },
    '',
    'FailedScheduling I do not know',
  ],
  [
    'no answer',
    filtering,
    { 'http://x/filter': 'dial tcp 10.96.0.9:80: connect: connection refused' },
    '',
    'FailedScheduling Post "http://x/filter": dial tcp 10.96.0.9:80: connect: connection refused',
  ],
  [
    'another status',
    filtering,
    { 'http://x/filter': 500 },
    '',
    'FailedScheduling failed filter with extender at URL http://x/filter, code 500',
  ],
  [
    'no answer from one that can be done without',
    '[{ urlPrefix: "http://x", filterVerb: filter, ignorable: true }, { urlPrefix: "http://y", filterVerb: filter }]',
    { 'http://x/filter': 'timeout', 'http://y/filter': only('a') },
    'a',
    'Scheduled',
  ],
  [
    'a score with a weight',
    '[{ urlPrefix: "http://x", prioritizeVerb: prioritize, weight: 5 }]',
    { 'http://x/prioritize': prefer('b') },
    'b',
    'Scheduled',
  ],
  [
    'the heavier of two scores',
    '[{ urlPrefix: "http://x", prioritizeVerb: p, weight: 5 }, { urlPrefix: "http://y", prioritizeVerb: p, weight: 6 }]',
    { 'http://x/p': prefer('b'), 'http://y/p': prefer('a') },
    'a',
    'Scheduled',
  ],
  [
    'a score that fails counts for nothing',
    '[{ urlPrefix: "http://x", prioritizeVerb: p, weight: 5 }, { urlPrefix: "http://y", prioritizeVerb: p, weight: 1 }]',
    { 'http://x/p': 'timeout', 'http://y/p': prefer('b') },
    'b',
    'Scheduled',
  ],
  [
    'one that manages a resource the pod does not ask for',
    '[{ urlPrefix: "http://x", filterVerb: filter, managedResources: [{ name: a.io/b }] }]',
    { 'http://x/filter': nobody },
    'either',
    'Scheduled',
  ],
])('%s', (_, extenders, answers, node, event) => {
  const made = world(extenders, answers);
  made.addPod(makePod({ name: 'x' }));
  made.run(100);
  if (node === 'either') expect(['a', 'b']).toContain(made.nodeOf('x'));
  else expect(made.nodeOf('x')).toBe(node);
  expect(made.events('x')[0]).toContain(event);
});

test('a resource that only the extender looks after needs to be on no node', () => {
  const managing = (more: string) =>
    `[{ urlPrefix: "http://x", filterVerb: filter, managedResources: [{ name: a.io/b${more} }] }]`;
  const wanting = makePod({
    name: 'x',
    containers: [{ name: 'c', image: 'nginx', resources: { limits: { 'a.io/b': '1' } } }],
  });
  for (const [more, node] of [
    ['', ''],
    [', ignoredByScheduler: true', 'b'],
  ] as const) {
    const made = world(managing(more), { 'http://x/filter': only('b') });
    made.addPod(wanting);
    made.run();
    expect(made.nodeOf('x')).toBe(node);
  }
});

test('an extender binds where it says so', () => {
  const bound: unknown[] = [];
  const made = world('[{ urlPrefix: "http://x", bindVerb: bind }]', {
    'http://x/bind': (question) => {
      bound.push(question);
      return { Error: '' };
    },
  });
  made.addPod(makePod({ name: 'x' }));
  made.run();
  expect(bound).toMatchObject([{ PodName: 'x', PodNamespace: 'default' }]);
  expect(made.nodeOf('x')).toBe('');
});

test('whatever happens, a pod that an extender turned down is tried again', () => {
  let isGood = false;
  const made = world(filtering, { 'http://x/filter': (question) => (isGood ? only('a') : nobody)(question) });
  made.addPod(makePod({ name: 'x' }));
  made.run(2_000);
  isGood = true;
  made.run(20_000);
  expect(made.nodeOf('x')).toBe('');
  made.addNode(makeNode('c'));
  made.run();
  expect(made.nodeOf('x')).toBe('a');
});

test('its verdict and its score are part of the explanation; what-if asks nobody', () => {
  let asked = 0;
  const made = world('[{ urlPrefix: "http://x", filterVerb: f, prioritizeVerb: p, weight: 2 }]', {
    'http://x/f': ({ Nodes }) => {
      asked++;
      return { Nodes };
    },
    'http://x/p': prefer('b'),
  });
  made.addPod(makePod({ name: 'x' }));
  made.run();
  const [best] = made.scheduler.explain('default/x')!.nodes.filter(({ node }) => node === 'b');
  expect(best?.scores.at(-1)).toEqual({ plugin: 'Extender http://x', weight: 2, score: 100 });
  const before = asked;
  expect(made.scheduler.tryOut(made.pod('x'))?.message).toMatch(/ \(extenders are not asked\)$/);
  expect(asked).toBe(before);
});
