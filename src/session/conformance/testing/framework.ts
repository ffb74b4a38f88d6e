import { expect } from 'vitest';
import type { ListMeta, ObjectMeta, Status } from '#generated/types/meta.v1.ts';
import type { ApiRequest, ApiResponse, ExecMessage, WatchEvent } from '#kubernetes/api/request.ts';
import { Cluster } from '#kubernetes/cluster/cluster.ts';
import { laterParts } from '#kubernetes/cluster/laterParts.ts';
import '#images/installedTools.ts';
import { images } from '#images/registry.ts';
import { runWithHops } from '#sim/deferred.ts';
import { Simulation } from '#sim/simulation.ts';

const user = { name: 'kubernetes-admin', groups: ['system:masters'] };
const hop = () => new Promise<void>((resolve) => setImmediate(resolve));

/** What a test asks about in what the server answers; the rest it compares by shape. */
export interface Answer {
  readonly metadata: ObjectMeta & Pick<ListMeta, 'continue' | 'remainingItemCount'>;
  readonly items: readonly Answer[];
  readonly spec: unknown;
  readonly status: unknown;
}

type Seen = Pick<WatchEvent<Answer>, 'type' | 'object'>;

/** A whole cluster of two nodes with every part, in which each test has a namespace. Upstream: test/e2e/framework */
export class Framework {
  readonly simulation = new Simulation({ seed: 'conformance', startMs: Date.UTC(2026, 0, 1) });
  readonly cluster: Cluster;
  #namespaces = 0;

  constructor() {
    const { simulation } = this;
    const nodes = ['node-1', 'node-2'].map((name) => ({
      name,
      cpu: '4',
      memory: '8Gi',
      podsMax: 110,
      zone: '',
    }));
    this.cluster = new Cluster({ simulation, nodes });
    this.cluster.installImages(images);
    this.cluster.start();
    this.cluster.install(laterParts);
  }

  /** Lets seconds of virtual time pass. */
  async pass(seconds: number): Promise<void> {
    await runWithHops(this.simulation, hop, { untilMs: this.simulation.nowMs + seconds * 1000 });
  }

  /** Waits until a condition holds, as upstream's tests poll; fails after two minutes of virtual time. */
  async until(condition: () => boolean, secondsMax = 120): Promise<void> {
    for (let second = 0; second < secondsMax && !condition(); second++) await this.pass(1);
    expect(condition(), `${condition.toString()} within ${secondsMax} s`).toBe(true);
  }

  /** Makes a namespace with its service account, and returns its path in the core group: `/api/v1/namespaces/e2e-1`. */
  async namespace(): Promise<string> {
    const name = `e2e-${++this.#namespaces}`;
    this.create('/api/v1/namespaces', { metadata: { name } });
    const path = `/api/v1/namespaces/${name}`;
    await this.until(() => this.has(`${path}/serviceaccounts/default`));
    return path;
  }

  send(
    method: ApiRequest['method'],
    path: string,
    body?: unknown,
    more: Partial<ApiRequest> = {},
  ): ApiResponse {
    const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    return this.cluster.apiServer.handle({
      method,
      path,
      user,
      contentType,
      ...(body !== undefined && { body }),
      ...more,
    });
  }

  #done(answer: ApiResponse): Answer {
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    return answer.body as Answer;
  }

  create(path: string, body: unknown): Answer {
    return this.#done(this.send('POST', path, body));
  }

  get(path: string, query: Readonly<Record<string, string>> = {}): Answer {
    return this.#done(this.send('GET', path, undefined, { query }));
  }

  has(path: string): boolean {
    return this.send('GET', path).status === 200;
  }

  names(path: string, labelSelector = ''): string[] {
    return this.get(path, { labelSelector }).items.map(({ metadata }) => metadata.name);
  }

  patch(path: string, body: unknown): Answer {
    return this.#done(this.send('PATCH', path, body));
  }

  update(path: string, body: unknown): Answer {
    return this.#done(this.send('PUT', path, body));
  }

  delete(path: string, body?: unknown, query: Readonly<Record<string, string>> = {}): Answer {
    return this.#done(this.send('DELETE', path, body, { query }));
  }

  /** The code and sentence that a request fails with. */
  failure(method: ApiRequest['method'], path: string, body?: unknown, more?: Partial<ApiRequest>): string {
    const answer = this.send(method, path, body, more);
    expect(answer.status, `${method} ${path}`).toBeGreaterThanOrEqual(400);
    return `${answer.status} ${(answer.body as Status).message}`;
  }

  /** Runs a line of shell in a pod's only or named container, and returns what it prints, errors included. */
  async exec(pod: string, line: string, container?: string): Promise<string> {
    const body = { command: ['sh', '-c', line], ...(container !== undefined && { container }) };
    const { stream, body: refusal } = this.send('POST', `${pod}/exec`, body);
    expect(stream, JSON.stringify(refusal)).toBeDefined();
    let printed = '';
    const ends: true[] = [];
    const take = (batch: readonly unknown[]) => {
      for (const message of batch as readonly ExecMessage[])
        if (message.channel !== 'error') printed += message.text;
    };
    stream!.open(take, () => ends.push(true));
    for (let second = 0; second < 60 && ends.length === 0; second++) await this.pass(1);
    return printed;
  }

  /** Begins a watch; what it brings is in the array that it returns. */
  watch(path: string, query: Readonly<Record<string, string>> = {}): Seen[] {
    const { stream, body } = this.send('GET', path, undefined, { query: { watch: 'true', ...query } });
    expect(stream, JSON.stringify(body)).toBeDefined();
    const seen: Seen[] = [];
    stream!.open(
      (batch) => seen.push(...(batch as Seen[])),
      () => {},
    );
    return seen;
  }
}
