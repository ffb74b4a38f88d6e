// Upstream: apiserver/pkg/endpoints/handlers/{get,watch}.go
import { apiVersionOf } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { ApiStream, WatchEvent } from '#kubernetes/api/request.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { Compacted } from '#kubernetes/etcd/etcd.ts';
import type { Cause } from '#sim/cause.ts';
import type { Call, ServerContext } from '../context.ts';
import { queryFlag } from '../requestInfo.ts';
import { readSelection, selectObjects } from '../selection.ts';
import { storedResource } from '../storage.ts';
import { tableOf, wantsTable } from '../table.ts';

/** A stored object as the requested version shows it. */
export function asRequested(object: KubeObject, { kind }: Call): KubeObject {
  return kind.storage ? kind.storage.fromStored(object) : object;
}

/** GET of one object, as itself or as a table of one row. */
export function get(call: Call, context: ServerContext): unknown {
  const { stored, info, request } = call;
  const object = asRequested(context.storage.read(stored, info.namespace, info.name), call);
  if (!wantsTable(request)) return object;
  const { resourceVersion } = object.metadata;
  return tableOf(call.kind, [object], { resourceVersion }, context.simulation.nowMs, request);
}

/** GET of a collection. */
export function list(call: Call, context: ServerContext): unknown {
  const { kind, request } = call;
  const page = selectObjects(call, context);
  const metadata = {
    resourceVersion: page.resourceVersion,
    ...(page.continueToken && { continue: page.continueToken }),
    ...(page.remaining > 0 && readSelection(call).isEverything && { remainingItemCount: page.remaining }),
  };
  const items = kind.storage ? page.items.map((object) => asRequested(object, call)) : page.items;
  if (wantsTable(request)) return tableOf(kind, items, metadata, context.simulation.nowMs, request);
  return { kind: `${kind.kind}List`, apiVersion: apiVersionOf(kind), metadata, items };
}

/** GET with `watch=true`: what there is first when no revision is named, then every write as it commits. */
export function watch(call: Call, context: ServerContext): ApiStream {
  const { request, info } = call;
  const asked = request.query?.['resourceVersion'] ?? '';
  if (asked !== '' && !/^\d+$/.test(asked)) {
    throw new StatusError('BadRequest', `invalid resource version ${JSON.stringify(asked)}`);
  }
  const selection = readSelection(call);
  const { etcd } = context.storage;
  const fromNow = asked === '' || asked === '0' || queryFlag(request, 'sendInitialEvents');
  const since = fromNow ? etcd.revision : Number(asked);
  const initial = fromNow ? selectObjects({ ...call, request: withoutPaging(call) }, context).items : [];
  let close = () => {};
  let ended = false;
  return {
    open(onData, onEnd) {
      const show = presenter(call, context);
      try {
        const opened = context.hub.open(
          {
            resource: storedResource(call.stored),
            namespace: info.namespace,
            ...(selection.name !== undefined &&
              (info.namespace !== '' || !call.stored.namespaced) && { name: selection.name }),
            ...(selection.field && { field: selection.field }),
            matches: selection.matches,
          },
          since,
          (batch) => onData(show(batch)),
          request.observer,
        );
        close = opened.close;
        for (const object of initial) {
          opened.watcher.push({ type: 'ADDED', object, cause: null }, context.simulation.nowMs);
        }
        endAfterTimeout(call, context, () => {
          if (ended) return;
          ended = true;
          opened.close();
          onEnd();
        });
      } catch (error) {
        if (!(error instanceof Compacted)) throw error;
        const gone = new StatusError(
          'Expired',
          `too old resource version: ${since} (${etcd.compactRevision})`,
        );
        context.simulation.after(0, () => {
          onData([{ type: 'ERROR', object: gone.toStatus(), cause: null }]);
          onEnd();
        });
      }
    },
    close() {
      ended = true;
      close();
    },
  };
}

function withoutPaging({ request }: Call): Call['request'] {
  const { limit: _limit, continue: _continue, ...query } = request.query ?? {};
  return { ...request, query };
}

function endAfterTimeout({ request }: Call, { simulation }: ServerContext, end: () => void): void {
  const seconds = Number(request.query?.['timeoutSeconds'] ?? 0);
  if (seconds > 0 && !request.observer) simulation.after(seconds * 1000, end, null);
}

type Event = WatchEvent<KubeObject, Cause | null>;

/** How events are shown to this watcher: as objects of its version, or as tables of one row. */
function presenter(call: Call, context: ServerContext): (batch: readonly Event[]) => readonly unknown[] {
  const { kind, request } = call;
  const table = wantsTable(request);
  if (!table && !kind.storage) return (batch) => batch;
  let first = true;
  return (batch) =>
    batch.map((event) => {
      const object = asRequested(event.object, call);
      if (!table) return { ...event, object };
      const withColumns = first;
      first = false;
      const { resourceVersion } = object.metadata;
      const { nowMs } = context.simulation;
      return { ...event, object: tableOf(kind, [object], { resourceVersion }, nowMs, request, withColumns) };
    });
}
