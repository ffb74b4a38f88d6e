import descriptions from '#generated/descriptions.json' with { type: 'json' };
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { ApiRequest, Transport } from '#kubernetes/api/request.ts';
import { laterParts } from '#kubernetes/apiserver/laterParts.ts';
import { ApiServer } from '#kubernetes/apiserver/server.ts';
import { Client } from '#kubernetes/client/client.ts';
import { bootstrap } from '#kubernetes/cluster/bootstrap.ts';
import { installAccess } from '#kubernetes/cluster/installAccess.ts';
import { Etcd } from '#kubernetes/etcd/etcd.ts';
import { runWithHops } from '#sim/deferred.ts';
import { Simulation } from '#sim/simulation.ts';
import { Machine } from '#world/machine/machine.ts';
import { MemoryFileSystem } from '#world/machine/memoryFileSystem.ts';
import { callbackSink, textSource } from '#world/machine/stream.ts';
import { createKubectl } from './kubectl.ts';

export const admin = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] };

/** Where every test begins. */
export const startMs = Date.UTC(2026, 0, 1);

export interface Result {
  readonly out: string;
  readonly err: string;
  readonly code: number | null;
}

/** A workstation with kubectl before a real API server, and nothing that runs pods but what the test plays. */
export class TestWorkstation {
  readonly simulation = new Simulation({ seed: 'test', startMs });
  readonly server: ApiServer;
  readonly client: Client;
  readonly files: MemoryFileSystem;
  readonly machine: Machine;
  /** Every request that kubectl sent. */
  readonly requests: ApiRequest[] = [];

  constructor(wrap: (transport: Transport) => Transport = (transport) => transport) {
    const { simulation } = this;
    const etcd = new Etcd<KubeObject>(simulation);
    this.server = new ApiServer({ simulation, etcd });
    this.server.install(laterParts);
    this.client = new Client(this.server.handle, admin);
    bootstrap(this.client, '10.0.0.1');
    this.send('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
    this.files = new MemoryFileSystem(simulation);
    this.files.makeDirectory('/root', { parents: true });
    const inner = wrap(this.server.handle);
    const kubectl = createKubectl({
      transport: (request) => {
        this.requests.push(request);
        return inner(request);
      },
      user: admin,
      clusterName: 'podarium',
      serverUrl: 'https://10.0.0.1:6443',
      version: 'v1.36.0',
      descriptions,
    });
    this.machine = new Machine(simulation, {
      hostname: 'workstation',
      files: this.files,
      programs: new Map([['kubectl', kubectl]]),
    });
  }

  /** From now on the server asks who may do what, with the roles of every cluster. */
  installAccess(): void {
    installAccess(this.server, this.client);
  }

  /** Speaks to the API server past kubectl; throws what it answers with 400 and above. */
  send(
    method: ApiRequest['method'],
    path: string,
    body?: unknown,
    more: Partial<ApiRequest> = {},
  ): KubeObject {
    const response = this.server.handle({
      method,
      path,
      user: admin,
      contentType: 'application/json',
      ...(body !== undefined && { body }),
      ...more,
    });
    if (response.status >= 400) throw new Error(JSON.stringify(response.body));
    return response.body as KubeObject;
  }

  /** Starts kubectl with the words of a line; quotes group, nothing else is special. */
  start(line: string, input = ''): { result: Result; kill(): void } {
    const words = [...line.matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g)].map(([word]) =>
      word.replace(/'([^']*)'|"([^"]*)"/g, '$1$2'),
    );
    const result = { out: '', err: '', code: null as number | null };
    const process = this.machine.start(this.machine.lookUp('kubectl')!, {
      args: ['kubectl', ...words],
      environment: new Map([['HOME', '/root']]),
      workingDirectory: '/root',
      stdin: textSource(input),
      stdout: callbackSink((text) => (result.out += text)),
      stderr: callbackSink((text) => (result.err += text)),
    });
    process.onExit((code) => (result.code = code));
    return { result, kill: () => process.signal('INT') };
  }

  /** Lets virtual time pass. */
  async pass(ms: number): Promise<void> {
    // The simulator's rooms know no timers; tests run in Node, which has one.
    const { setImmediate } = globalThis as unknown as { setImmediate(run: () => void): void };
    const hop = () => new Promise<void>((resolve) => setImmediate(resolve));
    await runWithHops(this.simulation, hop, { untilMs: this.simulation.nowMs + ms });
  }

  /** Runs kubectl to its end at this instant, or else for a second of virtual time. */
  async run(line: string, input = ''): Promise<Result> {
    const { result } = this.start(line, input);
    await this.pass(0);
    if (result.code === null) await this.pass(1000);
    return result;
  }
}
