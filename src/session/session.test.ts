import { expect, test } from 'vitest';
import type { Input } from '#classroom/recipe.ts';
import type { Scenario } from '#classroom/scenario.ts';
import { workstationPrograms } from './programs.ts';
import { replay } from './replay.ts';
import { runSession } from './run.ts';
import { Session } from './session.ts';

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));

const scenario: Scenario = {
  id: 'empty',
  title: '',
  summary: '',
  nodes: [1, 2, 3].map((i) => ({
    name: `node-${i}`,
    cpu: '4',
    memory: '8Gi',
    podsMax: 110,
    zone: `zone-${i}`,
  })),
  files: {},
  commands: [],
  lesson: null,
};

const manifest = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: nginx
        image: nginx
`;

function open() {
  let output = '';
  const session = new Session({
    scenario,
    seed: 'test',
    loadSoftware: async () => workstationPrograms,
    onOutput: (_terminal, text) => (output += text),
  });
  const advance = (ms: number) => runSession(session, hop, { untilMs: session.simulation.nowMs + ms });
  return { session, advance, output: () => output };
}

const type = (text: string): Input => ({ type: 'terminalInput', terminal: 1, text });

async function play() {
  const opened = open();
  const { session, advance } = opened;
  await advance(2_000);
  session.input({ type: 'writeFile', path: 'web.yaml', text: manifest });
  session.input(type('kubectl apply -f web.yaml\n'));
  await advance(20_000);
  session.input(type('kubectl get pods\n'));
  await advance(100);
  const pod = /web-[a-z0-9]+-[a-z0-9]+/.exec(opened.output())![0];
  session.input({ type: 'fault', fault: { type: 'killPod', namespace: 'default', name: pod } });
  await advance(60_000);
  session.input(type('kubectl get deployment web | tail -n 1; kubectl get pods -o name | wc -l\n'));
  await advance(100);
  return opened;
}

test('a Deployment is applied, runs, loses a pod and heals; its inputs replay to the same state', async () => {
  const { session, output } = await play();
  expect(output()).toContain('deployment.apps/web created');
  expect(output()).toMatch(/web +3\/3 +3 +3/);
  for (const events of [1, 100, 1e9]) {
    const copy = open();
    const { end, inputs } = session.recipe('test');
    await replay(copy.session, inputs, { hop, end: end!, events });
    expect(copy.session.hash()).toBe(end!.hash);
    expect(copy.output()).toBe(output());
  }
});

test('whoever looks on changes nothing', async () => {
  const { session } = await play();
  const watched = open();
  const { end, inputs } = session.recipe('test');
  expect(watched.session.projection.takeDelta().upserts.length).toBeGreaterThan(3);
  await replay(watched.session, inputs, {
    hop,
    end: end!,
    events: 10,
    onProgress: () => {
      watched.session.cluster.apiServer.flushObservers();
      watched.session.projection.takeDelta();
      return true;
    },
  });
  expect(watched.session.hash()).toBe(end!.hash);
});

test('with etcd down nothing can be asked or changed, and what runs goes on', async () => {
  const { session, advance, output } = open();
  await advance(2_000);
  session.input(type('kubectl create deployment web --image=nginx\n'));
  await advance(20_000);
  session.input({
    type: 'fault',
    fault: { type: 'stopComponent', component: 'etcd', node: 'control-plane' },
  });
  session.input(type('kubectl get pods\n'));
  await advance(30_000);
  expect(output()).toContain('Error from server: etcdserver: request timed out');
  session.input({
    type: 'fault',
    fault: { type: 'startComponent', component: 'etcd', node: 'control-plane' },
  });
  await advance(10_000);
  session.input(type('kubectl get pods\n'));
  await advance(1_000);
  expect(output()).toMatch(/web-\w+-\w+ +1\/1 +Running/);
});

test('with the scheduler down pods stay Pending until it is back', async () => {
  const { session, advance, output } = open();
  await advance(2_000);
  session.input({ type: 'fault', fault: { type: 'stopComponent', component: 'kube-scheduler', node: null } });
  session.input(type('kubectl create deployment web --image=nginx\n'));
  await advance(60_000);
  session.input(type('kubectl get pods\n'));
  await advance(1_000);
  expect(output()).toMatch(/web-\w+-\w+ +0\/1 +Pending/);
  session.input({
    type: 'fault',
    fault: { type: 'startComponent', component: 'kube-scheduler', node: null },
  });
  await advance(20_000);
  session.input(type('kubectl get pods\n'));
  await advance(1_000);
  expect(output()).toMatch(/web-\w+-\w+ +1\/1 +Running/);
});

test('the prompt completes commands and files, and nobody notices', async () => {
  const { session, advance } = open();
  await session.furnish();
  session.input({ type: 'writeFile', path: 'web.yaml', text: manifest });
  session.input(type('echo hi\n'));
  await advance(1_000);
  const before = [session.hash(), session.simulation.eventCount, session.simulation.pending];
  const complete = (line: string) => session.workstation.complete(line, line.length);
  expect(complete('kubec').choices).toEqual([{ text: 'kubectl ', hint: 'kubectl' }]);
  expect(complete('cat w')).toEqual({ from: 4, choices: [{ text: 'web.yaml ', hint: 'web.yaml' }] });
  expect([session.hash(), session.simulation.eventCount, session.simulation.pending]).toEqual(before);
});
