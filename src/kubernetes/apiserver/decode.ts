import { apiVersionOf } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { decode, type DecodeError, type FieldValidation } from '#kubernetes/api/schema.ts';
import { type StatusError, badRequest } from '#kubernetes/apimachinery/statusError.ts';
import type { Call } from './context.ts';

/** The request's body as an object of the call's kind: its type checked, its fields read against the schema. */
export function decodeBody(call: Call): KubeObject {
  const { body, contentType } = call.request;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${call.kind.kind}): couldn't get version/kind; json parse error: json: cannot unmarshal ${Array.isArray(body) ? 'array' : typeof body} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    );
  }
  // In-process components send typed objects without a content type; whatever came over a wire names one.
  return contentType === undefined ? typedObject(body, call) : decodeObject(body, call);
}

/**
 * Reads `body` against the schema; unknown fields are refused or warned of, as the request asks. `refuse` says
 * how, where that is not the sentence for a whole object.
 */
export function decodeObject(
  body: Partial<KubeObject>,
  call: Call,
  refuse?: (why: DecodeError) => StatusError,
): KubeObject {
  const { request, kind, warnings } = call;
  const asked = (request.query?.['fieldValidation'] || 'Warn') as FieldValidation;
  const decoded = decode(kind, typedObject(body, call), asked, refuse, call.textErrors);
  warnings.push(...yamlWarnings(decoded.warnings));
  return decoded.object;
}

/** Checks that the object is of the path's kind and version, and fills both in where they are missing. */
function typedObject(body: Partial<KubeObject>, call: Call): KubeObject {
  const apiVersion = apiVersionOf(call.kind);
  const { kind } = call.kind;
  if (body.apiVersion !== undefined && body.apiVersion !== apiVersion) {
    throw badRequest(
      `the API version in the data (${body.apiVersion}) does not match the expected API version (${apiVersion})`,
    );
  }
  if (body.kind !== undefined && body.kind !== kind) {
    const { group, version } = call.kind;
    const internal = group === '' ? 'core' : group.split('.', 1)[0];
    const why = `converting (${version}.${body.kind}) to (${internal}.${kind}): unknown conversion`;
    throw badRequest(`${body.kind} in version "${version}" cannot be handled as a ${kind}: ${why}`);
  }
  const typeFirst = { kind, apiVersion };
  const complete = body.apiVersion !== undefined && body.kind !== undefined && body.metadata !== undefined;
  const typed = (complete ? body : { ...typeFirst, metadata: {}, ...body, ...typeFirst }) as KubeObject;
  // An empty list of managed fields resets them as one empty entry does; decoding would make it none.
  return typed.metadata?.managedFields?.length === 0
    ? { ...typed, metadata: { ...typed.metadata, managedFields: [{}] } }
    : typed;
}

/** A reader of YAML has one sentence for all that it found; as warnings they come one by one. */
export function yamlWarnings(errors: readonly string[]): readonly string[] {
  return errors.some((error) => error.startsWith('yaml: '))
    ? errors.flatMap((error) =>
        error.startsWith('yaml: ')
          ? error
              .split('\n')
              .slice(1)
              .map((line) => line.trim())
          : error,
      )
    : errors;
}
