// Upstream: apimachinery/pkg/runtime/serializer/protobuf, and the generated.proto files of k8s.io/api
import type { KubeObject } from '#kubernetes/api/object.ts';
import { formatDuration } from '#kubernetes/apimachinery/duration.ts';
import { badRequest } from '#kubernetes/apimachinery/statusError.ts';
import { inlined, isKeptWhenZero } from './goStructs.ts';
import { type FieldOf, messageFields, messageOf } from './messages.ts';
import { readFields, type Wire } from './wire.ts';

/** What every document begins with: `k8s` and a zero. */
const magic = Buffer.from([0x6b, 0x38, 0x73, 0x00]);
/** Messages within messages; upstream's deepest kind needs about twenty. */
const depthMax = 100;

/**
 * Reads an object from Kubernetes' protobuf, as its JSON would say it. Zeros of fields that Go's structs hold by value
 * are on the wire and not in the JSON, and are left out. `depth` says how many messages it is within. Throws BadRequest
 * for what cannot be read.
 */
export function decodeProtobuf(bytes: Buffer, depth = 0): Partial<KubeObject> {
  if (!bytes.subarray(0, magic.length).equals(magic)) {
    throw badRequest(
      'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]',
    );
  }
  try {
    const unknown = decode('runtime.Unknown', bytes.subarray(magic.length), depth);
    const { apiVersion = '', kind = '' } = (unknown['typeMeta'] ?? {}) as {
      apiVersion?: string;
      kind?: string;
    };
    const raw = Buffer.from((unknown['raw'] as string | undefined) ?? '', 'base64');
    return { apiVersion, kind, ...decode(messageOf(apiVersion, kind), raw, depth) };
  } catch (error) {
    if (error instanceof RangeError) throw badRequest(`proto: ${error.message}`);
    throw error;
  }
}

type Decoded = Record<string, unknown>;

function decode(name: string, bytes: Buffer, depth: number): Decoded {
  if (depth > depthMax) throw new RangeError('messages are nested too deeply');
  const fields = messageFields(name);
  const message = name.slice(name.lastIndexOf('.') + 1);
  const object: Decoded = {};
  for (const [number, wire] of readFields(bytes)) {
    const field = fields.get(number);
    // A field that a newer client knows; upstream's decoder skips it too.
    if (field === undefined) continue;
    const value = decodeValue(field, wire, depth);
    if (value === null || (isZero(value) && field.in === 'one' && !isKeptWhenZero(message, field.name)))
      continue;
    if (inlined.has(`${message}.${field.name}`)) Object.assign(object, value);
    else put(object, field, value);
  }
  return object;
}

function put(object: Decoded, { name, in: shape }: FieldOf, value: unknown): void {
  if (shape === 'one') object[name] = value;
  else if (shape === 'list') ((object[name] ??= []) as unknown[]).push(value);
  else {
    const [key, entry] = value as [string, unknown];
    Object.defineProperty((object[name] ??= {}) as Decoded, key, {
      value: entry,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
}

function isZero(value: unknown): boolean {
  return value === '' || value === 0 || value === false;
}

function decodeValue(field: FieldOf, wire: Wire, depth: number): unknown {
  if (field.in !== 'map') return decodeSingle(field.type, wire, depth);
  let key = '';
  let value: unknown = field.type === 'string' || field.type === 'bytes' ? '' : {};
  for (const [number, part] of readFields(bytesOf(wire))) {
    if (number === 1) key = bytesOf(part).toString();
    else value = decodeSingle(field.type, part, depth);
  }
  return [key, value];
}

function decodeSingle(type: string, wire: Wire, depth: number): unknown {
  switch (type) {
    case 'string':
      return bytesOf(wire).toString();
    case 'bytes':
      return bytesOf(wire).toString('base64');
    case 'int':
      return Number(BigInt.asIntN(64, numberOf(wire)));
    case 'bool':
      return numberOf(wire) !== 0n;
    case 'double':
      return bytesOf(wire).readDoubleLE();
    default: {
      const special = specials[type] ?? specials[type.slice(type.lastIndexOf('.') + 1)];
      const message = decode(type, bytesOf(wire), depth + 1);
      return special === undefined ? message : special(message, depth);
    }
  }
}

function numberOf(wire: Wire): bigint {
  if (typeof wire !== 'bigint') throw new RangeError('wrong wireType');
  return wire;
}

function bytesOf(wire: Wire): Buffer {
  if (typeof wire === 'bigint') throw new RangeError('wrong wireType');
  return wire;
}

/** Messages that JSON says in other words. */
const specials: Readonly<Record<string, (message: Decoded, depth: number) => unknown>> = {
  'meta.v1.Time': (message) => time(message, 0),
  'meta.v1.MicroTime': (message) => time(message, 6),
  'meta.v1.Duration': ({ duration = 0 }) => formatDuration((duration as number) / 1e6),
  'meta.v1.FieldsV1': ({ raw }, depth) => json(raw, depth),
  'api.resource.Quantity': ({ string = '0' }) => string,
  'util.intstr.IntOrString': ({ type, intVal = 0, strVal = '' }) => (type === 1 ? strVal : intVal),
  'runtime.RawExtension': ({ raw }, depth) => json(raw, depth),
  // Lists that have a name of their own; each group that says who asks has one.
  ExtraValue: ({ items = [] }) => items,
};

/** Null for the zero time, which JSON leaves out. */
function time({ seconds, nanos = 0 }: Decoded, digits: number): string | null {
  if (seconds === undefined) return null;
  const whole = new Date((seconds as number) * 1000).toISOString().slice(0, 19);
  const fraction = digits === 0 ? '' : `.${String(nanos).padStart(9, '0').slice(0, digits)}`;
  return `${whole}${fraction}Z`;
}

function json(base64: unknown, depth: number): unknown {
  if (typeof base64 !== 'string' || base64 === '') return null;
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.subarray(0, magic.length).equals(magic)) return decodeProtobuf(bytes, depth + 1);
  try {
    return JSON.parse(bytes.toString()) as unknown;
  } catch {
    throw new RangeError('embedded JSON cannot be read');
  }
}
