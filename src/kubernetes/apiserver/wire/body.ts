// Upstream: apiserver/pkg/endpoints/handlers/{rest,create,patch,delete}.go
import type { ApiRequest } from '#kubernetes/api/request.ts';
import type { TextErrors } from '#kubernetes/api/schema.ts';
import {
  decodeJson,
  depthMax,
  duplicateField,
  fieldPaths,
  JsonError,
  wellFormed,
} from '#kubernetes/apimachinery/jsonDecoder.ts';
import { badRequest, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { parseDocument } from '#kubernetes/apimachinery/yamlDocument.ts';
import { strictYamlError, yamlDuplicates } from '#kubernetes/apimachinery/yamlDuplicates.ts';

/** Upstream: apiserver/pkg/server/config.go MaxRequestBodyBytes (3 MiB), counted in characters here. */
const bodyLengthMax = 3 * 1024 * 1024;

const objectTypes = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
const patchTypes = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];

/** A request whose body is a value, and what a strict reader has to say of its text. */
export interface ReadBody {
  readonly request: ApiRequest;
  readonly textErrors?: TextErrors;
}

/** The media type of a body: JSON where the client names none, as for a raw PUT. Throws UnsupportedMediaType. */
export function checkContentType({ method, contentType }: ApiRequest): string {
  const accepted = method === 'PATCH' ? patchTypes : objectTypes;
  if (contentType !== undefined && accepted.includes(contentType)) return contentType;
  const named = (contentType ?? '').split(';')[0]!.trim().toLowerCase();
  const type = named === '' && method !== 'PATCH' ? 'application/json' : named;
  if (accepted.includes(type)) return type;
  throw new StatusError(
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );
}

/**
 * Reads a body that is still text, and looks through one that is not: nothing that is too large, too deep or no JSON
 * goes any further. `kind` is what the body should be an object of.
 */
export function readBody(request: ApiRequest, kind: string): ReadBody {
  const contentType = checkContentType(request);
  // Only a delete may come without a body.
  const text = request.body === undefined && request.method !== 'DELETE' ? '' : request.body;
  if (typeof text === 'string') {
    if (text.length > bodyLengthMax) throw tooLarge();
    const { value, textErrors } = contentType.endsWith('yaml')
      ? readYaml(text, request, kind)
      : readJson(text, request, kind);
    return { request: { ...request, contentType, body: value }, ...(textErrors && { textErrors }) };
  }
  const body = new Inspection().value(request.body, 0);
  const isSame = body === request.body && contentType === request.contentType;
  return { request: isSame ? request : { ...request, contentType, body } };
}

export function tooLarge(): StatusError {
  return new StatusError('RequestEntityTooLarge', `Request entity too large: limit is ${bodyLengthMax}`);
}

interface ReadText {
  readonly value: unknown;
  readonly textErrors?: TextErrors;
}

function readJson(text: string, request: ApiRequest, kind: string): ReadText {
  const { value, duplicates } = parseText(text, request, kind);
  if (duplicates.length === 0) return { value };
  // What a patch brings is read once by itself, and once more as part of the patched object.
  const withUnknown =
    request.method === 'PATCH'
      ? (unknown: readonly string[]) => [...duplicates, ...unknown]
      : (unknown: readonly string[]) => inTextOrder(text, duplicates, unknown);
  return { value, textErrors: { found: duplicates, withUnknown } };
}

/** The errors as Go's reader meets them, which skips what is in a field that it does not know. */
function inTextOrder(
  text: string,
  duplicates: readonly string[],
  unknown: readonly string[],
): readonly string[] {
  if (unknown.length === 0) return duplicates;
  const errors = new Set<string>();
  const seen = new Set<string>();
  let skipped = '';
  for (const path of fieldPaths(text)) {
    if (
      skipped !== '' &&
      (path === skipped || /^[.[]/.test(path.slice(skipped.length))) &&
      path.startsWith(skipped)
    )
      continue;
    skipped = '';
    const asUnknown = `unknown field ${JSON.stringify(path)}`;
    if (unknown.includes(asUnknown)) {
      errors.add(asUnknown);
      skipped = path;
    } else if (seen.has(path) && duplicates.includes(duplicateField(path))) errors.add(duplicateField(path));
    seen.add(path);
  }
  return [...errors];
}

/** YAML, or JSON as the part of it that it is. Upstream: apimachinery/pkg/runtime/serializer/json/json.go */
function readYaml(text: string, request: ApiRequest, kind: string): ReadText {
  let value: unknown;
  let duplicates: readonly string[];
  try {
    value = new Inspection().value(parseDocument(text), 0);
    duplicates = yamlDuplicates(text);
  } catch (error) {
    if (error instanceof StatusError) throw error;
    const { message } = error as Error;
    if (request.method === 'PATCH') throw badRequest(`error decoding YAML: ${message}`);
    const sentence = message.replace(/^error converting YAML to JSON: /, '');
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind}): ${sentence} (${summary(text)})`,
    );
  }
  if (duplicates.length === 0) return { value };
  const found = [strictYamlError(duplicates)];
  return { value, textErrors: { found, withUnknown: (unknown) => [...found, ...unknown] } };
}

function parseText(text: string, request: ApiRequest, kind: string): ReturnType<typeof decodeJson> {
  try {
    return decodeJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const { message } = error;
    if (request.method === 'PATCH') {
      const prefix = request.contentType?.startsWith(patchTypes[1]!) ? 'error decoding patch: ' : '';
      throw badRequest(prefix + message);
    }
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${message} (${summary(text)})`,
    );
  }
}

/** The beginning of a body, as text where it looks like an object, else as its bytes in hex. */
function summary(text: string): string {
  if (text === '') return '<empty>';
  const shownMax = 30;
  const more = text.length > shownMax ? ' ...' : '';
  if (text.startsWith('{')) return text.slice(0, shownMax) + more;
  const bytes = Array.from(text.slice(0, shownMax), (char) =>
    char.codePointAt(0)!.toString(16).padStart(2, '0'),
  );
  return bytes.join('') + more;
}

/** One look through a decoded body. It returns the very same value where nothing had to be mended. */
class Inspection {
  #lengthLeft = bodyLengthMax;

  value(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return this.#text(value);
    if (typeof value === 'boolean' || value === null || value === undefined) {
      this.#count(4);
      return value;
    }
    if (typeof value === 'number') {
      this.#count(1);
      // JSON has no negative zero to give back.
      if (Number.isFinite(value)) return value === 0 ? 0 : value;
      throw badRequest(`json: unsupported value: ${value}`);
    }
    if (typeof value !== 'object') throw badRequest(`json: unsupported type: ${typeof value}`);
    if (depth >= depthMax) throw badRequest('exceeded max depth');
    this.#count(2);
    return Array.isArray(value)
      ? this.#list(value, depth + 1)
      : this.#object(value as Readonly<Record<string, unknown>>, depth + 1);
  }

  #text(text: string): string {
    this.#count(text.length + 2);
    return wellFormed(text);
  }

  #list(list: readonly unknown[], depth: number): unknown {
    let mended: unknown[] | undefined;
    for (let i = 0; i < list.length; i++) {
      const after = this.value(list[i], depth);
      if (!Object.is(after, list[i])) (mended ??= list.slice())[i] = after;
    }
    return mended ?? list;
  }

  #object(object: Readonly<Record<string, unknown>>, depth: number): unknown {
    let mended: Map<string, unknown> | undefined;
    for (const key of Object.keys(object)) {
      const name = this.#text(key);
      const after = this.value(object[key], depth);
      if (Object.is(after, object[key]) && name === key) continue;
      mended ??= new Map(Object.entries(object));
      if (name !== key) mended.delete(key);
      mended.set(name, after);
    }
    return mended === undefined ? object : Object.fromEntries(mended);
  }

  #count(characters: number): void {
    this.#lengthLeft -= characters;
    if (this.#lengthLeft < 0) throw tooLarge();
  }
}
