// Upstream: pkg/printers/tablegenerator.go, apiserver/pkg/endpoints/handlers/response.go
import type { AnyKind } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { ApiRequest } from '#kubernetes/api/request.ts';

/** True when the client would rather have a Table, as `kubectl get` does. */
export function wantsTable(request: ApiRequest): boolean {
  return request.accept?.includes('as=Table') ?? false;
}

interface ListMeta {
  readonly resourceVersion?: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** meta.k8s.io/v1 Table of objects of one kind; `withColumns` is false for all but a watch's first event. */
export function tableOf(
  kind: AnyKind,
  objects: readonly KubeObject[],
  metadata: ListMeta,
  nowMs: number,
  request: ApiRequest,
  withColumns = true,
): unknown {
  const whole = request.query?.['includeObject'] === 'Object';
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: withColumns
      ? kind.columns.map(({ name, type, format, description, priority }) => ({
          name,
          type: type === 'date' ? 'string' : type,
          format: format ?? '',
          description,
          priority,
        }))
      : null,
    rows: objects.map((object) => ({
      cells: kind.columns.map((column) => column.value(object, nowMs)),
      object: whole ? object : partialMetadata(object),
    })),
  };
}

function partialMetadata(object: KubeObject): unknown {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}
