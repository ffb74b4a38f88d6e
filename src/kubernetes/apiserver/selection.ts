import type { AnyKind } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { badRequest, type StatusError } from '#kubernetes/apimachinery/statusError.ts';
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
  const { request, kind, stored, info } = call;
  const labels = request.query?.['labelSelector'];
  const fields = request.query?.['fieldSelector'];
  const byLabels = labels ? parseSelector(labels) : null;
  const named = kind.storage?.fieldNames ?? {};
  const terms = (fields ? parseFieldSelector(fields) : []).map((term) => ({
    ...term,
    field: Object.hasOwn(named, term.field) ? named[term.field]! : term.field,
  }));
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
  if (known && (field === 'metadata.name' || kind.namespaced || !namesItsFields(kind))) return known;
  if (!kind.fieldValue || !kind.selectableFields?.includes(field)) {
    throw unknownField(kind, field);
  }
  return (object) => kind.fieldValue!(object, field);
}

/** True for kinds that say themselves by which fields they are selected; only those with a namespace say that one. */
function namesItsFields({ custom, selectableFields }: AnyKind): boolean {
  return selectableFields !== undefined || custom !== undefined;
}

/**
 * Upstream: apimachinery/pkg/runtime/conversion.go for kinds without fields of their own; pkg/apis/{batch,core}/v1 and
 * apiextensions-apiserver/pkg/apiserver/conversion/converter.go for the others.
 */
function unknownField(kind: AnyKind, field: string): StatusError {
  if (!namesItsFields(kind)) {
    const known = '"metadata.name", "metadata.namespace"';
    return badRequest(`"${field}" is not a known field selector: only ${known}`);
  }
  return badRequest(
    kind.kind === 'Job'
      ? `field label "${field}" not supported for Job`
      : `field label not supported: ${field}`,
  );
}

/** All objects that a request names, in key order, and the revision they were read at. */
export function selectObjects(call: Call, context: ServerContext): Page {
  const { stored, info } = call;
  const { storage } = context;
  const selection = readSelection(call);
  if (selection.name !== undefined && (info.namespace !== '' || !stored.namespaced)) {
    const found = storage.get(stored, info.namespace, selection.name);
    const items = found !== undefined && selection.matches(found) ? [found] : [];
    return { items, resourceVersion: String(storage.etcd.revision) };
  }
  const page = storage.list(stored, info.namespace);
  return selection.isEverything ? page : { ...page, items: page.items.filter(selection.matches) };
}
