// Upstream: apiserver/pkg/endpoints/handlers/{get,watch}.go, apiserver/pkg/storage/cacher/{cacher,cache_watcher}.go
import { apiVersionOf } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { ApiStream, WatchEvent } from '#kubernetes/api/request.ts';
import { Compacted } from '#kubernetes/etcd/etcd.ts';
import type { Cause } from '#sim/cause.ts';
import type { Call, ServerContext } from '../context.ts';
import { readSelection, selectObjects } from '../selection.ts';
import { endExpired, showEvent, watchFilter } from '../verbs/read.ts';
import {
  type ListOptions,
  parseResourceVersion,
  readListOptions,
  tooLargeResourceVersion,
} from './listOptions.ts';
import { checkStreams } from './negotiation.ts';
import { shown, watchPresenter } from './presentation.ts';

/** Upstream: cacher.go defaultBookmarkFrequency, and how long before its end a watch gets its last one. */
const bookmarkPeriodMs = 60_000;
const lastBookmarkMs = 2_000;
/** Upstream: --min-request-timeout; a watch without a timeout lasts once to twice as long. */
const requestTimeoutMinMs = 1_800_000;

type Event = WatchEvent<KubeObject, Cause | null>;

/** GET with `watch=true`. What is wrong with the request is thrown; what went by too long ago is an ERROR event. */
export function watch(call: Call, context: ServerContext): ApiStream {
  const { request } = call;
  const options = readListOptions(request, true);
  checkStreams(request.accept);
  const { etcd } = context.storage;
  const asked = parseResourceVersion(options.resourceVersion);
  if (options.sendInitialEvents && asked > etcd.revision)
    throw tooLargeResourceVersion(options.resourceVersion, etcd.revision);
  const selection = readSelection(call);
  const show = presenter(call, context);
  const sendsInitial = options.sendInitialEvents ?? asked === 0;
  const since = sendsInitial || asked === 0 ? etcd.revision : asked;
  const initial = sendsInitial ? selectObjects(call, context).items : [];
  let ended = false;
  let close = () => {
    ended = true;
  };
  return {
    open(onData, onEnd) {
      // A watch from a revision that is still to come is silent until then.
      const isFuture = since > etcd.revision;
      const give = (batch: readonly Event[]) => {
        const due = isFuture ? batch.filter((event) => revisionOf(event) > since) : batch;
        if (due.length > 0) onData(due.map(show));
      };
      try {
        const opened = context.hub.open(watchFilter(call, selection), since, give, request.observer);
        const push = (event: Event) => opened.watcher.push(event, context.simulation.nowMs);
        for (const object of initial) push({ type: 'ADDED', object, cause: null });
        if (options.sendInitialEvents && options.allowWatchBookmarks)
          push(bookmark(call, etcd.revision, { 'k8s.io/initial-events-end': 'true' }));
        close = () => {
          ended = true;
          opened.close();
        };
        if (request.observer) return;
        const isOpen = () => !ended;
        const timeoutMs = endAfterTimeout(options, context, () => {
          if (ended) return;
          close();
          onEnd();
        });
        if (options.allowWatchBookmarks)
          sendBookmarks(context, timeoutMs, isOpen, () => push(bookmark(call, etcd.revision)));
      } catch (error) {
        if (!(error instanceof Compacted)) throw error;
        endExpired(since, context, onData, onEnd);
      }
    },
    close: () => close(),
  };
}

function revisionOf({ object }: Event): number {
  return Number(object.metadata.resourceVersion);
}

/** An object without content that says up to where the watch has come. */
function bookmark({ kind }: Call, revision: number, annotations?: Readonly<Record<string, string>>): Event {
  const object = {
    kind: kind.kind,
    apiVersion: apiVersionOf(kind),
    metadata: {
      resourceVersion: String(revision),
      ...(annotations && { annotations }),
    },
  };
  return { type: 'BOOKMARK', object: object as unknown as KubeObject, cause: null };
}

function endAfterTimeout({ timeoutSeconds }: ListOptions, context: ServerContext, end: () => void): number {
  const { simulation } = context;
  const timeoutMs =
    timeoutSeconds > 0
      ? timeoutSeconds * 1000
      : Math.floor(requestTimeoutMinMs * (1 + simulation.random('watch-timeouts').fraction()));
  simulation.after(timeoutMs, end, null);
  return timeoutMs;
}

/** One each minute, and one shortly before the end. */
function sendBookmarks(
  { simulation }: ServerContext,
  timeoutMs: number,
  isOpen: () => boolean,
  send: () => void,
): void {
  const untilMs = simulation.nowMs + timeoutMs - lastBookmarkMs;
  const next = () => {
    if (!isOpen()) return;
    send();
    schedule();
  };
  const schedule = () => {
    const leftMs = untilMs - simulation.nowMs;
    if (leftMs > 0) simulation.after(Math.min(bookmarkPeriodMs, leftMs), next, null);
  };
  schedule();
}

/** How events are shown to this watcher: as objects of its version, as tables of one row, or as their metadata. */
function presenter(call: Call, context: ServerContext): (event: Event) => unknown {
  const show = watchPresenter(call, context);
  return (event) => {
    if (event.type === 'ERROR') return event;
    const isBookmark = event.type === 'BOOKMARK';
    const seen = isBookmark ? event : showEvent(event, (object) => shown(object, call, context, true));
    if (show === null || seen.type === 'ERROR') return seen;
    return { ...seen, object: show(seen.object, isBookmark) };
  };
}
