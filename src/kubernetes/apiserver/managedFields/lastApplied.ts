// Upstream: apimachinery/pkg/util/managedfields/internal/{lastapplied,lastappliedmanager,lastappliedupdater}.go
import { apiVersionOf } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { difference, type FieldSet, noFields } from '#kubernetes/apimachinery/fieldSet.ts';
import { formatGoJson } from '#kubernetes/apimachinery/goJson.ts';
import { isObject } from '#kubernetes/apimachinery/goValue.ts';
import { compare, fieldsOf } from '#kubernetes/apimachinery/typedCompare.ts';
import { validateTyped } from '#kubernetes/apimachinery/typedValidation.ts';
import type { Call } from '../context.ts';
import type { Conflict } from './applyConfiguration.ts';
import { schemaOf } from './objectFields.ts';

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
/** The manager under which kubectl applies: only it takes over from its former, client-side self. */
const kubectl = 'kubectl';
/** Upstream: apimachinery/pkg/api/validation TotalAnnotationSizeLimitB. */
const annotationsLengthMax = 256 * 1024;

/** The conflicts that are left when kubectl may take what its client-side apply last set and nobody changed since. */
export function allowedByLastApplied(
  conflicts: readonly Conflict[],
  live: KubeObject,
  call: Call,
): readonly Conflict[] {
  if (call.request.query?.['fieldManager'] !== kubectl) return conflicts;
  const allowed = lastAppliedFields(live, call);
  return conflicts
    .map(({ writer, fields }) => ({ writer, fields: difference(fields, allowed) }))
    .filter(({ fields }) => fields !== noFields);
}

function lastAppliedFields(live: KubeObject, { kind }: Call): FieldSet {
  const text = live.metadata.annotations?.[annotation];
  if (!text) return noFields;
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    return noFields;
  }
  const schema = schemaOf(kind);
  if (!isObject(config) || config['apiVersion'] !== apiVersionOf(kind)) return noFields;
  if (validateTyped(schema, config).length > 0) return noFields;
  const { changed, removed } = compare(schema, config, live, true);
  return difference(difference(fieldsOf(schema, config), changed), removed);
}

/** Keeps the annotation of client-side apply in step, where there is one and kubectl applies. */
export function withLastApplied(object: KubeObject, config: KubeObject, { request }: Call): KubeObject {
  const annotations = object.metadata.annotations;
  if (request.query?.['fieldManager'] !== kubectl || !annotations?.[annotation]) return object;
  const { [annotation]: _, ...own } = config.metadata.annotations ?? {};
  const applied = {
    ...config,
    metadata: { ...config.metadata, ...(config.metadata.annotations && { annotations: own }) },
  };
  const text = `${formatGoJson(applied)}\n`;
  const kept = { ...annotations, [annotation]: text };
  if (text.length > annotationsLengthMax) kept[annotation] = '';
  return { ...object, metadata: { ...object.metadata, annotations: kept } };
}
