import type { AnyKind } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { badRequest } from '#kubernetes/apimachinery/statusError.ts';
import { parseFieldSelector } from '#kubernetes/apimachinery/fieldSelector.ts';
import { parseSelector } from '#kubernetes/apimachinery/labelSelectorParser.ts';
import type { Call, ServerContext } from './context.ts';
import type { Page } from './storage.ts';
import type { WatchFilter } from './watchHub.ts';

/** What `labelSelector` and `fieldSelector` of a request choose. */
export interface Selection {
  matches(object: KubeObject): boolean;
  /** True when nothing is left out. */
  readonly isEverything: boolean;
  readonly name: string | undefined;
  readonly field: WatchFilter['field'];
}

const metadataFields: Record<string, (object: KubeObject) => string> = {
  'metadata.name': (object) => object.metadata.name,
  'metadata.namespace': (object) => object.metadata.namespace ?? '',
};

/** Reads the selectors of a list, watch or collection delete. Throws BadRequest in upstream's words. */
export function readSelection(call: Call): Selection {
  const { request, stored, info } = call;
  const labels = request.query?.['labelSelector'];
  const fields = request.query?.['fieldSelector'];
  const byLabels = labels ? parseSelector(labels) : null;
  const terms = fields ? parseFieldSelector(fields) : [];
  const getters = terms.map((term) => ({ ...term, of: fieldOf(stored, term.field) }));
  const exact = getters.find((term) => term.operator !== '!=');
  const name =
    info.name !== ''
      ? info.name
      : getters.find((term) => term.field === 'metadata.name' && term.operator !== '!=')?.value;
  return {
    isEverything: byLabels === null && getters.length === 0,
    name,
    field:
      exact === undefined || exact.field.startsWith('metadata.')
        ? undefined
        : { name: exact.field, value: exact.value, of: exact.of },
    matches: (object) =>
      getters.every((term) => (term.of(object) === term.value) === (term.operator !== '!=')) &&
      (byLabels === null || byLabels.matches(object.metadata.labels)),
  };
}

function fieldOf(kind: AnyKind, field: string): (object: KubeObject) => string {
  const known = metadataFields[field];
  if (known) return known;
  if (!kind.fieldValue || !kind.selectableFields?.includes(field)) {
    throw badRequest(`field label not supported: ${field}`);
  }
  return (object) => kind.fieldValue!(object, field);
}

/** The objects that a list request names, in key order, a page of them when it has a limit. */
export function selectObjects(call: Call, context: ServerContext): Page {
  const { request, stored, info } = call;
  const selection = readSelection(call);
  const limit = Number(request.query?.['limit'] ?? 0);
  const continueToken = request.query?.['continue'];
  if (selection.isEverything) {
    return context.storage.list(stored, info.namespace, {
      ...(limit > 0 && { limit }),
      ...(continueToken && { continueToken }),
    });
  }
  if (selection.name !== undefined && (info.namespace !== '' || !stored.namespaced)) {
    const found = context.storage.get(stored, info.namespace, selection.name);
    const items = found !== undefined && selection.matches(found) ? [found] : [];
    return { items, resourceVersion: String(context.storage.etcd.revision), continueToken: '', remaining: 0 };
  }
  const page = context.storage.list(stored, info.namespace, continueToken ? { continueToken } : {});
  const items = page.items.filter(selection.matches);
  if (limit === 0 || items.length <= limit) return { ...page, items };
  const last = items[limit - 1]!;
  const after =
    info.namespace === '' && stored.namespaced
      ? `${last.metadata.namespace}/${last.metadata.name}`
      : last.metadata.name;
  return {
    items: items.slice(0, limit),
    resourceVersion: page.resourceVersion,
    continueToken: `${page.resourceVersion}:${after}`,
    remaining: items.length - limit,
  };
}
