/** A field's value as it is on the wire: a number, or bytes. */
export type Wire = bigint | Buffer;

/** The fields of one message, in their order. Throws RangeError for bytes that are no message. */
export function* readFields(bytes: Buffer): Generator<[number: number, value: Wire]> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError('unexpected EOF');
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw new RangeError('integer overflow');
  };
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new RangeError('unexpected EOF');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const key = Number(varint());
    const number = key >>> 3;
    switch (key & 7) {
      case 0:
        yield [number, varint()];
        break;
      case 1:
        yield [number, take(8)];
        break;
      case 2:
        yield [number, take(Number(varint()))];
        break;
      case 5:
        yield [number, take(4)];
        break;
      default:
        throw new RangeError(`illegal wireType ${key & 7}`);
    }
  }
}
