import type { KubeObject } from '#kubernetes/api/object.ts';
import type { ApiRequest, ApiResponse, WatchEvent } from '#kubernetes/api/request.ts';
import { Etcd } from '#kubernetes/etcd/etcd.ts';
import { Simulation } from '#sim/simulation.ts';
import { laterParts } from './laterParts.ts';
import { ApiServer } from './server.ts';

const user = { name: 'kubernetes-admin', groups: ['system:masters'] };

/** What a body may be in a test: whatever a client could send. */
type Body = Readonly<Record<string, unknown>>;

/** An API server alone, with all its parts, a namespace and its service account. */
export class TestServer {
  readonly simulation: Simulation;
  readonly etcd: Etcd<KubeObject>;
  readonly server: ApiServer;

  constructor(seed = 's') {
    this.simulation = new Simulation({ seed, startMs: 0 });
    this.etcd = new Etcd<KubeObject>(this.simulation);
    this.server = new ApiServer({ simulation: this.simulation, etcd: this.etcd });
    this.server.install(laterParts);
    this.send('POST', '/api/v1/namespaces', { body: { metadata: { name: 'default' } } });
    const accounts = '/api/v1/namespaces/default/serviceaccounts';
    this.send('POST', accounts, { body: { metadata: { name: 'default' } } });
  }

  /** A request as a client over a wire sends it; the query may stand in the path. */
  send(
    method: ApiRequest['method'],
    target: string,
    more: Partial<ApiRequest> = {},
  ): ApiResponse & { readonly object: Body & { readonly metadata: Body } } {
    const [path = '', search = ''] = target.split('?');
    const terms = search.split('&').filter((term) => term !== '');
    const pairs = terms.map((term) => /^([^=]*)=?(.*)$/.exec(term)!.slice(1).map(decodeURIComponent));
    const query = { ...(Object.fromEntries(pairs) as Record<string, string>), ...more.query };
    const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const typed = more.body === undefined ? {} : { contentType };
    const response = this.server.handle({ method, path, user, ...typed, ...more, query });
    return { ...response, object: response.body as Body & { metadata: Body } };
  }

  /** Opens a watch; the events that come are added to the list it returns, the end as `null`. */
  watch(target: string, more: Partial<ApiRequest> = {}): (WatchEvent | null)[] {
    const events: (WatchEvent | null)[] = [];
    const response = this.send('GET', target, more);
    if (response.stream === undefined) throw new Error(JSON.stringify(response.body));
    response.stream.open(
      (batch) => events.push(...(batch as WatchEvent[])),
      () => events.push(null),
    );
    return events;
  }

  runTo(untilMs: number): void {
    this.simulation.run({ untilMs });
  }
}
