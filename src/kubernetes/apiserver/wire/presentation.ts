// Upstream: apiserver/pkg/endpoints/handlers/response.go
import { remembered } from '#kubernetes/api/sharing.ts';
import { apiVersionOf, type AnyKind } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { Call, ServerContext } from '../context.ts';
import { asRequested } from '../verbs/read.ts';
import { negotiate, notAcceptable } from './negotiation.ts';
import { type ListMeta, partialMetadata, readIncludeObject, tableOf } from './table.ts';

/** Refuses to show a list as one object or the other way around, before anything is done. Throws NotAcceptable. */
export function checkPresentation({ kind, request, info }: Call): void {
  const { as } = negotiate(request.accept);
  if (as === 'Table') readIncludeObject(request);
  const isList = info.name === '' && request.method !== 'POST';
  if (as === 'PartialObjectMetadata' && isList) {
    throw notAcceptable(
      `you requested PartialObjectMetadata, but the requested object is a list (${goType(kind, 'List')})`,
    );
  }
  if (as === 'PartialObjectMetadataList' && !isList) {
    throw notAcceptable(
      `you requested PartialObjectMetadataList, but the requested object is not a list (${goType(kind, '')})`,
    );
  }
}

/** A stored object in the requested version, with its managed fields. */
export function shown(object: KubeObject, call: Call, context: ServerContext, fromCache = false): KubeObject {
  const own = asRequested(object, call, fromCache);
  return context.fieldManager?.show(object, own, call.kind, context) ?? own;
}

/** One object of the requested version, as the client would rather have it. */
export function presentObject(object: KubeObject, call: Call, context: ServerContext): unknown {
  const { kind, request } = call;
  const { as, version } = negotiate(request.accept);
  switch (as) {
    case null:
      return object;
    case 'Table': {
      const { resourceVersion } = object.metadata;
      return tableOf(kind, [object], resourceVersion ? { resourceVersion } : {}, {
        version,
        nowMs: context.simulation.nowMs,
        withColumns: true,
        includeObject: readIncludeObject(request),
      });
    }
    default:
      return partialMetadata(object, version);
  }
}

/** Objects of the requested version as a list, or as what the client would rather have. */
export function presentList(
  items: readonly KubeObject[],
  metadata: ListMeta,
  call: Call,
  context: ServerContext,
): unknown {
  const { kind, request } = call;
  const { as, version } = negotiate(request.accept);
  switch (as) {
    case null: {
      // The list says what its items are; only custom resources say it again.
      const shownItems = kind.custom ? items : items.map(withoutType);
      return { kind: `${kind.kind}List`, apiVersion: apiVersionOf(kind), metadata, items: shownItems };
    }
    case 'Table':
      return tableOf(kind, items, metadata, {
        version,
        nowMs: context.simulation.nowMs,
        withColumns: true,
        includeObject: readIncludeObject(request),
      });
    default:
      return {
        kind: 'PartialObjectMetadataList',
        apiVersion: `meta.k8s.io/${version}`,
        metadata,
        items: items.map((object) => partialMetadata(object, version)),
      };
  }
}

const withoutType = remembered(
  ({ apiVersion: _apiVersion, kind: _kind, ...rest }: KubeObject): Omit<KubeObject, 'apiVersion' | 'kind'> =>
    rest,
);

/** The name of a kind's internal Go type, as sentences print it: `*core.Pod`. */
function goType({ group, kind }: AnyKind, suffix: string): string {
  return `*${group.split('.')[0] || 'core'}.${kind}${suffix}`;
}

/** Shows watched objects one by one: only the first table has columns. A bookmark has nothing to show in cells. */
export function watchPresenter(
  call: Call,
  context: ServerContext,
): ((object: KubeObject, isBookmark: boolean) => unknown) | null {
  const { kind, request } = call;
  const { as, version } = negotiate(request.accept);
  if (as === null) return null;
  if (as !== 'Table') return (object) => partialMetadata(object, version);
  const includeObject = readIncludeObject(request);
  let withColumns = true;
  return (object, isBookmark) => {
    const { resourceVersion } = object.metadata;
    const { nowMs } = context.simulation;
    const shown = isBookmark ? bookmarkColumns(kind) : kind;
    const table = tableOf(
      shown,
      [object],
      { resourceVersion },
      { version, nowMs, withColumns, includeObject },
    );
    withColumns = false;
    return table;
  };
}

function bookmarkColumns(kind: AnyKind): AnyKind {
  return { ...kind, columns: kind.columns.map((column) => ({ ...column, value: () => '' })) };
}
