import { warningsFor } from '#kubernetes/api/notSimulated.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { ApiRequest } from '#kubernetes/api/request.ts';
import type { Status } from '#generated/types/meta.v1.ts';
import { Etcd } from '#kubernetes/etcd/etcd.ts';
import { Simulation } from '#sim/simulation.ts';
import { laterParts } from '../laterParts.ts';
import { ApiServer } from '../server.ts';

const admin = { name: 'kubernetes-admin', groups: ['system:masters'] };

/** An API server over an empty etcd with the namespace `default` and its service account, and nothing else. */
export class TestServer {
  readonly simulation = new Simulation({ seed: 's', startMs: 0 });
  readonly etcd = new Etcd<KubeObject>(this.simulation);
  readonly server = new ApiServer({ simulation: this.simulation, etcd: this.etcd });

  constructor() {
    this.server.install(laterParts);
    this.server.unsimulated = warningsFor;
    this.addNamespace('default');
  }

  addNamespace(name: string, labels: Readonly<Record<string, string>> = {}): void {
    this.send('POST', '/api/v1/namespaces', { metadata: { name, labels } });
    this.send('POST', `/api/v1/namespaces/${name}/serviceaccounts`, { metadata: { name: 'default' } });
  }

  /** One request over a wire, as the administrator unless `more` says otherwise. */
  send(
    method: ApiRequest['method'],
    path: string,
    body?: unknown,
    more: Partial<ApiRequest> = {},
  ): { readonly status: number; readonly body: unknown; readonly warnings: readonly string[] } {
    const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const request = { method, path, user: admin, contentType, ...(body !== undefined && { body }), ...more };
    const { status, body: answer, warnings } = this.server.handle(request);
    return { status, body: answer, warnings };
  }

  /** The sentence that a request fails with, `null` when it does not fail. */
  failure(method: ApiRequest['method'], path: string, body?: unknown): string | null {
    const answer = this.send(method, path, body);
    return answer.status < 400 ? null : ((answer.body as Status).message ?? '');
  }
}
