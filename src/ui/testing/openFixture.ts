import type { Speed } from '#classroom/recipe.ts';
import type { FromWorker, Query, ToWorker } from '#protocol/messages.ts';
import type { ActivityRow, PodRow, Row } from '#protocol/rows.ts';
import type { Connection } from '#ui/store/connection.ts';
import {
  epochMs,
  fixtureComponent,
  fixtureContainer,
  fixtureEdge,
  fixtureNode,
  fixturePod,
  fixtureWorkload,
} from './fixtureRows.ts';

const controlPlane = ['etcd', 'kube-apiserver', 'kube-scheduler', 'kube-controller-manager'];

function systemPods(nodes: readonly string[]): PodRow[] {
  const system = (name: string, node: string): PodRow =>
    fixturePod(name, node, 'running', { namespace: 'kube-system', system: true });
  return [
    ...controlPlane.map((name) => system(`${name}-control-plane`, 'control-plane')),
    ...nodes.map((node, index) => system(`kube-proxy-${'abcdefgh'[index % 8]}${index}x9`, node)),
    system('coredns-7db6d8ff4d-4x2lq', nodes[1] ?? 'control-plane'),
    system('coredns-7db6d8ff4d-9k7vd', nodes[2] ?? 'control-plane'),
  ];
}

function webRows(): Row[] {
  const web = 'deployments/default/web';
  const old = 'replicasets/default/web-5d9c6f7b8';
  const current = 'replicasets/default/web-7c4d8b6f9';
  const inWeb = (name: string, node: string | null, health: PodRow['health'] = 'running'): PodRow =>
    fixturePod(`web-7c4d8b6f9-${name}`, node, health, { owner: current });
  const pods = [
    inWeb('2xk9p', 'worker-1'),
    inWeb('8mzqt', 'worker-1'),
    inWeb('c4vrw', 'worker-2'),
    inWeb('hj6nd', 'worker-2', 'pending'),
    inWeb('tq5lb', null, 'pending'),
    fixturePod('web-5d9c6f7b8-p9x4s', 'worker-1', 'terminating', { owner: old }),
    fixturePod('api-6b8f9c7d5-w2gkn', 'worker-2', 'failing', { owner: 'replicasets/default/api-6b8f9c7d5' }),
    fixturePod('api-6b8f9c7d5-zl8rt', 'worker-1', 'running', {
      owner: 'replicasets/default/api-6b8f9c7d5',
      containers: [fixtureContainer('api'), fixtureContainer('istio-proxy', { restarts: 1 })],
    }),
    fixturePod('train-job-x7k2m', 'worker-2', 'succeeded', { owner: 'jobs/default/train-job' }),
    fixturePod('load', 'worker-1', 'running', { labels: { run: 'load' } }),
  ];
  return [
    ...pods,
    fixtureWorkload('Deployment', 'web', '3/5 ready', { id: web, desired: 5, ready: 3, health: 'pending' }),
    fixtureWorkload('ReplicaSet', 'web-7c4d8b6f9', '3/5 ready', {
      id: current,
      owner: web,
      desired: 5,
      ready: 3,
      revision: 2,
      health: 'pending',
    }),
    fixtureWorkload('ReplicaSet', 'web-5d9c6f7b8', '0/0 ready', {
      id: old,
      owner: web,
      desired: 0,
      ready: 0,
      revision: 1,
    }),
    fixtureWorkload('Deployment', 'api', '1/2 ready', { desired: 2, ready: 1, health: 'failing' }),
    fixtureWorkload('ReplicaSet', 'api-6b8f9c7d5', '1/2 ready', {
      owner: 'deployments/default/api',
      desired: 2,
      ready: 1,
      revision: 1,
      health: 'failing',
    }),
    fixtureWorkload('Job', 'train-job', 'Complete', { health: 'succeeded', desired: 1, ready: 1 }),
    fixtureWorkload('HorizontalPodAutoscaler', 'web', '38%/20% of 3-10', { desired: 5, ready: 3 }),
    fixtureWorkload('Service', 'web', '10.96.31.7:80'),
    fixtureWorkload('Service', 'api', '10.96.12.40:8080'),
    fixtureWorkload('Ingress', 'shop', 'shop.example.com'),
    fixtureEdge('horizontalpodautoscalers/default/web', web, 'scales'),
    fixtureEdge('ingresss/default/shop', 'services/default/web', 'routes', 80_000, 25),
    fixtureEdge('ingresss/default/shop', 'services/default/api', 'routes', 12_000, 430),
    fixtureEdge('pods/default/load', 'services/default/web', 'routes', 120_000),
    ...pods.slice(0, 3).map((pod) => fixtureEdge('services/default/web', pod.id, 'selects', 66_000, 9)),
    ...pods.slice(6, 8).map((pod) => fixtureEdge('services/default/api', pod.id, 'selects', 6000, 430)),
  ];
}

/** `?nodes=500&pods=20` in the address makes a large one, `?empty` one without workloads. */
function firstRows(): Row[] {
  const wanted = new URLSearchParams(location.search);
  const nodeCount = Number(wanted.get('nodes') ?? 3);
  const podsPerNode = Number(wanted.get('pods') ?? 0);
  const nodes = Array.from({ length: nodeCount }, (_, index) => fixtureNode(index));
  const names = nodes.map((node) => node.name);
  const many = names.flatMap((node, at) =>
    Array.from({ length: podsPerNode }, (_, index) =>
      fixturePod(`load-${at}-${index}`, node, (at * 7 + index) % 41 === 0 ? 'failing' : 'running'),
    ),
  );
  return [
    ...nodes,
    ...systemPods(names.slice(0, 8)),
    ...controlPlane.map((name) => fixtureComponent(name, 'control-plane')),
    ...names.flatMap((node) => [fixtureComponent('kubelet', node), fixtureComponent('kube-proxy', node)]),
    ...(wanted.has('empty') ? [] : webRows()),
    ...many,
  ];
}

const answers: Record<Query['type'], unknown> = {
  object: {
    kind: 'Pod',
    yaml: 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web-7c4d8b6f9-2xk9p\n  namespace: default\nspec:\n  containers:\n  - image: nginx:1.27\n    name: app\nstatus:\n  phase: Running\n',
  },
  events: [
    {
      lastMs: epochMs + 2000,
      count: 1,
      type: 'Normal',
      reason: 'Scheduled',
      from: 'default-scheduler',
      message: 'Successfully assigned default/web-7c4d8b6f9-2xk9p to worker-1',
    },
    {
      lastMs: epochMs + 61_000,
      count: 4,
      type: 'Warning',
      reason: 'BackOff',
      from: 'kubelet',
      message: 'Back-off restarting failed container app in pod web-7c4d8b6f9-2xk9p',
    },
  ],
  scheduling: {
    atMs: epochMs,
    node: null,
    message: '0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s).',
    examined: 2,
    nodes: [
      {
        node: 'worker-1',
        rejection: { plugin: 'NodeResourcesFit', reasons: ['Insufficient cpu'] },
        scores: [],
        total: 0,
      },
      {
        node: 'worker-2',
        rejection: { plugin: 'TaintToleration', reasons: ['node(s) had untolerated taint(s)'] },
        scores: [],
        total: 0,
      },
    ],
  },
  logs: {
    text: '10.244.0.1 - - "GET / HTTP/1.1" 200 615\n10.244.0.1 - - "GET /healthz HTTP/1.1" 200 2\n',
    truncated: false,
  },
  why: [
    {
      atMs: epochMs + 2300,
      actor: 'kubelet',
      action: 'update',
      text: 'kubelet on worker-1 started container app',
      rowId: null,
    },
    {
      atMs: epochMs + 1200,
      actor: 'kube-scheduler',
      action: 'bind',
      text: 'bound pod default/web-7c4d8b6f9-2xk9p to worker-1',
      rowId: 'nodes/worker-1',
    },
    {
      atMs: epochMs + 1100,
      actor: 'replicaset-controller',
      action: 'create',
      text: 'created pod default/web-7c4d8b6f9-2xk9p',
      rowId: 'replicasets/default/web-7c4d8b6f9',
    },
    {
      atMs: epochMs + 1000,
      actor: 'deployment-controller',
      action: 'create',
      text: 'created replicaset default/web-7c4d8b6f9',
      rowId: 'deployments/default/web',
    },
    {
      atMs: epochMs,
      actor: 'kubernetes-admin',
      action: 'input',
      text: 'kubectl apply -f web.yaml',
      rowId: null,
    },
  ],
  complete: {
    from: 8,
    choices: [
      { text: 'get', hint: 'Display one or many resources' },
      { text: 'get-all', hint: '' },
    ],
  },
  schema: [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      schema: {
        type: 'object',
        additionalProperties: false,
        properties: {
          apiVersion: { type: 'string' },
          kind: { type: 'string' },
          metadata: { type: 'object' },
          spec: {
            type: 'object',
            additionalProperties: false,
            properties: {
              replicas: { type: 'integer', description: 'Number of desired pods.' },
              template: { type: 'object' },
              selector: { type: 'object' },
            },
          },
        },
      },
    },
  ],
  dryRun: [
    {
      line: 1,
      name: 'deployments/web',
      error: null,
      warnings: [],
      live: 'spec:\n  replicas: 3\n',
      merged: 'spec:\n  replicas: 5\n',
    },
  ],
  readFile: 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 5\n',
  listFiles: ['/home/learner/web.yaml', '/home/learner/hpa.yaml'],
  recipe: { scenario: 'empty', seed: 'fixture', inputs: [] },
  hash: '0',
};

/** A made-up session that speaks the protocol: something moves, everything is answered, nothing is true. */
export function openConnection(): Connection {
  let listener: (message: FromWorker) => void = () => undefined;
  let speed: Speed = 1;
  let nowMs = epochMs;
  let sequence = 0;
  let tick = 0;
  const rows = new Map(firstRows().map((row) => [row.id, row]));
  const reply = (message: FromWorker): void => void setTimeout(() => listener(message), 5);

  const activityOf = (row: Row): ActivityRow => {
    sequence += 1;
    const actors = ['kubelet', 'replicaset-controller', 'kube-scheduler', 'kubernetes-admin'];
    return {
      sequence,
      atMs: nowMs,
      type: sequence % 7 === 0 ? 'event' : 'write',
      actor: actors[sequence % 4] ?? 'kubelet',
      text: sequence % 7 === 0 ? 'BackOff: restarting failed container' : `update ${row.id}/status`,
      subject: row.id,
      level: sequence % 7 === 0 ? 'warning' : 'normal',
    };
  };
  const frame = (upserts: readonly Row[], activity: readonly ActivityRow[]): void =>
    listener({
      type: 'frame',
      kinds: 1,
      nowMs,
      speed,
      eventCount: tick,
      revision: 100 + tick,
      delta: { upserts, deletes: [] },
      activity,
      milliRequests: 212_000 + (tick % 20) * 1500,
      milliErrors: 7800,
    });
  const move = (): void => {
    if (speed === 0) return;
    tick += 1;
    nowMs += 100 * (speed === 'max' ? 600 : speed);
    const changed: Row[] = [];
    const pods = [...rows.values()].filter((row) => row.type === 'pod' && !row.system);
    const pod = pods[tick % Math.max(1, pods.length)];
    if (pod?.type === 'pod' && tick % 4 === 0) changed.push({ ...pod, cpuUsed: pod.cpuUsed + (tick % 9) });
    for (const row of changed) rows.set(row.id, row);
    frame(changed, tick % 8 === 0 ? changed.map(activityOf) : []);
  };
  const timer = setInterval(move, 100);

  const receive = (message: ToWorker): void => {
    if (message.type === 'start') {
      reply({
        type: 'started',
        recipe: message.recipe,
        hostname: 'workstation',
        differs: false,
        cancelled: false,
      });
      setTimeout(() => {
        frame([...rows.values()], [...rows.values()].slice(0, 24).map(activityOf));
        listener({
          type: 'terminalOutput',
          terminal: 1,
          text: 'Podarium workstation. Try: kubectl get nodes\r\n$ ',
        });
      }, 20);
    } else if (message.type === 'query') {
      reply({ type: 'reply', id: message.id, answer: answers[message.query.type], error: null });
    } else if (message.type === 'input') {
      if (message.input.type === 'speed') speed = message.input.speed;
      frame([], []);
      if (message.input.type === 'terminalInput')
        reply({
          type: 'terminalOutput',
          terminal: 1,
          text: `\u001B[32mran\u001B[0m ${message.input.text.trim()}\r\n$ `,
        });
      listener({ type: 'recorded', input: { atMs: nowMs, afterEvent: tick, input: message.input } });
    } else if (message.type === 'ping') reply({ type: 'pong', id: message.id });
  };
  return {
    post: receive,
    listen: (next) => (listener = next),
    close: () => clearInterval(timer),
  };
}
