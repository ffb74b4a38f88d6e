// Upstream: apiextensions-apiserver/pkg/apiserver/conversion/webhook_converter.go
import type { WebhookConversion } from '#generated/types/apiextensions.v1.ts';
import type { Converter } from '#kubernetes/api/apiextensions/customKind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { validateAnnotations } from '#kubernetes/api/objectMeta.ts';
import { validateLabels } from '#kubernetes/apimachinery/labels.ts';
import { isObject } from '#kubernetes/apimachinery/goValue.ts';
import { type FieldError, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { CallFailure, post } from '../admission/webhook/post.ts';
import type { ServerContext } from '../context.ts';
import { newUid } from '../uid.ts';

const group = 'apiextensions.k8s.io';
const spokenVersions = ['v1', 'v1beta1'];
/** Upstream: the default timeout of a webhook's client. */
const timeoutSeconds = 30;

/** Converts objects by asking a webhook. What it answers for a stored object is kept for who reads from the cache. */
export function webhookConverter(webhook: WebhookConversion, context: ServerContext): Converter {
  const cache = new WeakMap<KubeObject, Map<string, KubeObject>>();
  return (object, apiVersion, fromCache) => {
    if (object.apiVersion === apiVersion) return object;
    let known = cache.get(object);
    const kept = fromCache ? known?.get(apiVersion) : undefined;
    if (kept !== undefined) return kept;
    const converted = convert(webhook, object, apiVersion, context);
    if (known === undefined) cache.set(object, (known = new Map()));
    known.set(apiVersion, converted);
    return converted;
  };
}

interface ConversionReview {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly response?: {
    readonly uid?: string;
    readonly convertedObjects?: readonly unknown[] | null;
    readonly result?: { readonly status?: string; readonly message?: string };
  } | null;
}

function convert(
  webhook: WebhookConversion,
  object: KubeObject,
  apiVersion: string,
  context: ServerContext,
): KubeObject {
  const who = `conversion webhook for ${object.apiVersion}, Kind=${object.kind}`;
  const version = webhook.conversionReviewVersions.find((one) => spokenVersions.includes(one));
  if (version === undefined) throw failure('no supported conversion review versions');
  const uid = newUid(context.simulation.random('uids/conversion-reviews'));
  const review = {
    kind: 'ConversionReview',
    apiVersion: `${group}/${version}`,
    request: { uid, desiredAPIVersion: apiVersion, objects: [object] },
    response: { uid: '', convertedObjects: null, result: { metadata: {} } },
  };
  let answered: readonly unknown[];
  try {
    const { body, latencyMs } = post(
      webhook.clientConfig ?? {},
      timeoutSeconds,
      JSON.stringify(review),
      context,
    );
    context.wait(latencyMs);
    answered = readAnswer(body, version, uid);
  } catch (error) {
    if (error instanceof CallFailure) throw failure(`${who} failed: ${error.message}`);
    throw error;
  }
  if (answered.length !== 1) throw failure(`${who} returned ${answered.length} objects, expected 1`);
  return accepted(answered[0], object, apiVersion, who);
}

/** An error that no handler knows by a reason: a 500 with its sentence. */
function failure(message: string): StatusError {
  return new StatusError('Unknown', message, undefined, 500);
}

/** The converted objects of an answer. Throws a CallFailure. */
function readAnswer(text: string, version: string, uid: string): readonly unknown[] {
  let review: ConversionReview;
  try {
    review = JSON.parse(text) as ConversionReview;
  } catch {
    const start = JSON.stringify(text.slice(0, 20));
    throw new CallFailure(`couldn't get version/kind; json parse error: invalid character in ${start}`);
  }
  const { apiVersion = '', kind = '', response } = review;
  const isStrict = version === 'v1';
  if (isStrict && (apiVersion !== `${group}/v1` || kind !== 'ConversionReview'))
    throw new CallFailure(
      `expected webhook response of ${group}/v1, Kind=ConversionReview, got ${apiVersion}, Kind=${kind}`,
    );
  if (!response) throw new CallFailure('no response provided');
  if (isStrict && response.uid !== uid)
    throw new CallFailure(
      `expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? '')}`,
    );
  const { status = '', message } = response.result ?? {};
  if (status !== 'Success')
    throw new CallFailure(message || `response.result.status was '${status}', not 'Success'`);
  return response.convertedObjects ?? [];
}

/** What the webhook made, with the metadata that it may not change. Throws StatusError for what it may not return. */
function accepted(made: unknown, original: KubeObject, apiVersion: string, who: string): KubeObject {
  const converted = (isObject(made) ? made : {}) as Partial<KubeObject>;
  const wrongObject = (why: string) => failure(`${who} returned invalid object at index 0: ${why}`);
  if (converted.apiVersion !== apiVersion)
    throw wrongObject(
      `invalid groupVersion (expected ${apiVersion}, received ${converted.apiVersion ?? ''})`,
    );
  if (converted.kind !== original.kind)
    throw wrongObject(`invalid kind (expected ${original.kind}, received ${converted.kind ?? ''})`);
  const { metadata } = converted;
  const given = (isObject(metadata) ? metadata : {}) as Partial<KubeObject['metadata']>;
  for (const [field, what] of [
    ['name', 'name'],
    ['namespace', 'namespace'],
    ['uid', 'UID'],
  ] as const) {
    const [expected = '', got = ''] = [original.metadata[field], given[field]];
    if (expected !== got)
      throw failure(`${who} returned invalid object: must have the same ${what}: ${expected} != ${got}`);
  }
  const wrongMetadata = (why: string) => failure(`${who} returned invalid metadata: ${why}`);
  if (metadata === undefined) throw wrongMetadata('missing metadata in converted object');
  const { labels: _labels, annotations: _annotations, ...kept } = original.metadata;
  const own = Object.fromEntries(
    (['labels', 'annotations'] as const).flatMap((field) => {
      const texts = textsOf(given[field], field, wrongMetadata);
      return texts === undefined ? [] : [[field, texts]];
    }),
  );
  return { ...(converted as KubeObject), metadata: { ...kept, ...own } };
}

/** Labels or annotations that a webhook returned, checked as a client's are. */
function textsOf(
  given: unknown,
  field: 'labels' | 'annotations',
  wrong: (why: string) => StatusError,
): Readonly<Record<string, string>> | undefined {
  if (given === undefined || given === null) return undefined;
  if (!isObject(given)) throw wrong(`invalid metadata.${field} of type ${goType(given)} in converted object`);
  for (const [key, value] of Object.entries(given))
    if (typeof value !== 'string')
      throw wrong(`metadata.${field}[${key}] must be a string, but is ${goType(value)} in converted object`);
  const texts = given as Readonly<Record<string, string>>;
  const errors: readonly FieldError[] =
    field === 'labels'
      ? validateLabels(texts, 'metadata.labels')
      : validateAnnotations(texts, 'metadata.annotation');
  const lines = errors.map((error) => `${error.field}: ${error.message}`);
  if (lines.length > 0) throw wrong(lines.length === 1 ? lines[0]! : `[${lines.join(', ')}]`);
  return texts;
}

function goType(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (value === null) return '<nil>';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'object'
    ? 'map[string]interface {}'
    : typeof value === 'boolean'
      ? 'bool'
      : 'string';
}
