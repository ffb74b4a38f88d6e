// Upstream: pkg/printers/tablegenerator.go, apiserver/pkg/endpoints/handlers/response.go asTable
import type { AnyKind } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { ApiRequest } from '#kubernetes/api/request.ts';
import { badRequest } from '#kubernetes/apimachinery/statusError.ts';
import { describeColumn } from './columnDescriptions.ts';

/** What metadata a list or table has of its own. */
export interface ListMeta {
  readonly resourceVersion?: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

export interface TableOptions {
  /** Of meta.k8s.io. */
  readonly version: string;
  /** The server's clock, for ages. */
  readonly nowMs: number;
  /** False for all but a watch's first event. */
  readonly withColumns: boolean;
  /** What of each object its row brings along. */
  readonly includeObject: 'None' | 'Metadata' | 'Object';
}

/** Reads `includeObject`. Throws BadRequest. */
export function readIncludeObject({ query }: ApiRequest): TableOptions['includeObject'] {
  const asked = query?.['includeObject'] ?? '';
  if (asked === '' || asked === 'Metadata') return 'Metadata';
  if (asked === 'None' || asked === 'Object') return asked;
  throw badRequest(`unrecognized includeObject value: ${JSON.stringify(asked)}`);
}

/** A meta.k8s.io Table of objects of one kind. */
export function tableOf(
  kind: AnyKind,
  objects: readonly KubeObject[],
  metadata: ListMeta,
  { version, nowMs, withColumns, includeObject }: TableOptions,
): unknown {
  const columns = kind.columns.map(({ name, type, format, description, priority }) => ({
    name,
    type,
    format: format ?? '',
    description: description ?? describeColumn(kind.kind, name),
    priority,
  }));
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${version}`,
    metadata,
    columnDefinitions: withColumns ? columns : null,
    rows: objects.map((object) => ({
      cells: kind.columns.map((column) => column.value(object, nowMs)),
      object:
        includeObject === 'None'
          ? null
          : includeObject === 'Object'
            ? object
            : partialMetadata(object, version),
    })),
  };
}

/** What is left of an object for who only asks for metadata. */
export function partialMetadata({ metadata }: KubeObject, version: string): unknown {
  return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata };
}
