// Upstream: apiserver/pkg/endpoints/handlers/{get,watch}.go
import { type AnyKind, apiVersionOf } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { ApiStream, WatchEvent } from '#kubernetes/api/request.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { Compacted } from '#kubernetes/etcd/etcd.ts';
import type { Cause } from '#sim/cause.ts';
import type { Call, ServerContext } from '../context.ts';
import { readSelection, type Selection, selectObjects } from '../selection.ts';
import { storedResource } from '../storage.ts';
import type { WatchFilter } from '../watchHub.ts';

/** A stored object as the requested version shows it; `fromCache` takes what it was converted to before. */
export function asRequested(object: KubeObject, { kind }: Call, fromCache = false): KubeObject {
  if (kind.storage) return kind.storage.fromStored(object, fromCache);
  if (kind.custom === undefined) return object;
  const own = kind.custom.toVersion(object, fromCache);
  return kind.defaults ? kind.defaults(own) : own;
}

/** A custom resource may have been stored in another version, or before its schema had the defaults that it has now. */
function isReadAnew({ storage, custom }: AnyKind): boolean {
  return storage !== undefined || custom !== undefined;
}

/** GET of one object. */
export function get(call: Call, context: ServerContext): KubeObject {
  const { stored, info } = call;
  return asRequested(context.storage.read(stored, info.namespace, info.name), call);
}

/** GET of a collection: all that is selected, at once. */
export function list(call: Call, context: ServerContext): unknown {
  const { kind } = call;
  const { items, resourceVersion } = selectObjects(call, context);
  return {
    kind: `${kind.kind}List`,
    apiVersion: apiVersionOf(kind),
    metadata: { resourceVersion },
    items: isReadAnew(kind) ? items.map((object) => asRequested(object, call, true)) : items,
  };
}

/** Which writes a watch sees. */
export function watchFilter({ stored, info }: Call, selection: Selection): WatchFilter {
  const { name, field, matches } = selection;
  return {
    resource: storedResource(stored),
    namespace: info.namespace,
    ...(name !== undefined && (info.namespace !== '' || !stored.namespaced) && { name }),
    ...(field && { field }),
    matches,
  };
}

/** The watch of a component: what there is first when no revision is named, then every write as it commits. */
export function watch(call: Call, context: ServerContext): ApiStream {
  const { request, kind } = call;
  const asked = request.query?.['resourceVersion'] ?? '';
  const selection = readSelection(call);
  const { etcd } = context.storage;
  const since = asked === '' ? etcd.revision : Number(asked);
  const initial = asked === '' ? selectObjects(call, context).items : [];
  const show = (batch: readonly Event[]) =>
    isReadAnew(kind)
      ? batch.map((event) => showEvent(event, (object) => asRequested(object, call, true)))
      : batch;
  let close = () => {};
  return {
    open(onData, onEnd) {
      try {
        const opened = context.hub.open(
          watchFilter(call, selection),
          since,
          (batch) => onData(show(batch)),
          request.observer,
          request.observer !== true,
        );
        close = opened.close;
        for (const object of initial) {
          opened.watcher.push({ type: 'ADDED', object, cause: null }, context.simulation.nowMs);
        }
      } catch (error) {
        if (!(error instanceof Compacted)) throw error;
        endExpired(since, context, onData, onEnd);
      }
    },
    close: () => close(),
  };
}

/** An event with its object as a watcher sees it; an error where it cannot be converted for the watcher's version. */
export function showEvent(event: Event, show: (object: KubeObject) => KubeObject): Event {
  try {
    const object = show(event.object);
    return object === event.object ? event : { ...event, object };
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return { type: 'ERROR', object: error.toStatus() as unknown as KubeObject, cause: null };
  }
}

/** Ends a watch that begins before what is still known: its client has to list again. */
export function endExpired(
  since: number,
  { simulation, storage }: ServerContext,
  onData: (batch: readonly unknown[]) => void,
  onEnd: () => void,
): void {
  const message = `too old resource version: ${since} (${storage.etcd.compactRevision})`;
  const object = new StatusError('Expired', message).toStatus();
  simulation.after(0, () => {
    onData([{ type: 'ERROR', object, cause: null }]);
    onEnd();
  });
}

type Event = WatchEvent<KubeObject, Cause | null>;
