import { messageFields, messageOf } from './messages.ts';

/** A value that stands for the zero that Go writes for a field it holds by value. */
export type Sample = { readonly [field: string]: unknown };

/** Writes an object as a client does, every field that `object` has; for tests, which own both sides. */
export function encodeProtobuf(object: Sample & { apiVersion: string; kind: string }): Buffer {
  const { apiVersion, kind, ...fields } = object;
  const raw = encode(messageOf(apiVersion, kind), fields);
  const typeMeta = Buffer.concat([bytesField(1, Buffer.from(apiVersion)), bytesField(2, Buffer.from(kind))]);
  return Buffer.concat([Buffer.from('k8s\0'), bytesField(1, typeMeta), bytesField(2, raw)]);
}

function encode(name: string, object: Sample): Buffer {
  const parts = [...messageFields(name)].flatMap(([number, field]) => {
    const value = object[field.name];
    if (value === undefined) return [];
    if (field.in === 'list') return (value as unknown[]).map((one) => encodeOne(number, field.type, one));
    if (field.in === 'one') return [encodeOne(number, field.type, value)];
    return Object.entries(value as object).map(([key, entry]) =>
      bytesField(number, Buffer.concat([bytesField(1, Buffer.from(key)), encodeOne(2, field.type, entry)])),
    );
  });
  return Buffer.concat(parts);
}

function encodeOne(number: number, type: string, value: unknown): Buffer {
  switch (type) {
    case 'string':
      return bytesField(number, Buffer.from(value as string));
    case 'bytes':
      return bytesField(number, Buffer.from(value as string, 'base64'));
    case 'int':
      return Buffer.concat([
        varint(BigInt(number << 3)),
        varint(BigInt.asUintN(64, BigInt(value as number))),
      ]);
    case 'bool':
      return Buffer.concat([varint(BigInt(number << 3)), varint(value === true ? 1n : 0n)]);
    default:
      return bytesField(number, encode(type, value as Sample));
  }
}

function bytesField(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint(BigInt((number << 3) | 2)), varint(BigInt(bytes.length)), bytes]);
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left > 127n; left >>= 7n) bytes.push(Number(left & 127n) | 128);
  return Buffer.from([...bytes, Number(left)]);
}
