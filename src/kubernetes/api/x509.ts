// RFC 5280 and RFC 2986, as far as a cluster reads and writes them; DER from X.690.
import { hmacSha256 } from '#kubernetes/apimachinery/sha256.ts';
import { utf8 } from '#kubernetes/apimachinery/utf8.ts';

/** Who a certificate or a request for one is about. */
export interface Subject {
  readonly commonName: string;
  readonly organizations: readonly string[];
}

interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  /** With tag and length. */
  readonly whole: Uint8Array;
}

const tags = {
  integer: 2,
  bits: 3,
  oid: 6,
  utf8: 12,
  utcTime: 23,
  sequence: 0x30,
  set: 0x31,
  context0: 0xa0,
};
const commonName = [0x55, 4, 3];
const organization = [0x55, 4, 10];
/** 1.2.840.113549.2.9, hmacWithSHA256: the cluster's own authority is one key that only it has. */
const hmacWithSha256 = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 9];

function element(tag: number, content: readonly number[]): number[] {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return [tag, ...size, ...content];
}

/** The elements that stand in a row in `bytes`. Throws a RangeError for what is no DER. */
function elements(bytes: Uint8Array): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at]!;
    let length = bytes[at + 1] ?? Infinity;
    let start = at + 2;
    if (length > 127) {
      const count = length & 127;
      if (count > 3) throw new RangeError('a length is out of range');
      length = 0;
      for (const byte of bytes.slice(start, start + count)) length = length * 256 + byte;
      start += count;
    }
    const end = start + length;
    if (end > bytes.length) throw new RangeError('an element ends too early');
    found.push({ tag, content: bytes.slice(start, end), whole: bytes.slice(at, end) });
    at = end;
  }
  return found;
}

function text(bytes: Uint8Array): string {
  const escaped = Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  try {
    return decodeURIComponent(escaped);
  } catch {
    return String.fromCharCode(...bytes);
  }
}

function readName(name: Element): Subject {
  const attributes = elements(name.content)
    .flatMap((set) => elements(set.content))
    .map((attribute) => elements(attribute.content));
  const values = (oid: readonly number[]) =>
    attributes
      .filter(([type]) => type!.content.join() === oid.join())
      .map(([, value]) => text(value!.content));
  return { commonName: values(commonName)[0] ?? '', organizations: values(organization) };
}

function writeName({ commonName: name, organizations }: Subject): number[] {
  const attribute = (oid: readonly number[], value: string) =>
    element(
      tags.set,
      element(tags.sequence, [...element(tags.oid, oid), ...element(tags.utf8, utf8(value))]),
    );
  return element(tags.sequence, [
    ...organizations.flatMap((one) => attribute(organization, one)),
    ...attribute(commonName, name),
  ]);
}

/** A PKCS #10 request: its subject, and its public key in DER. Throws a RangeError. */
export function readCertificateRequest(der: Uint8Array): {
  readonly subject: Subject;
  readonly publicKey: Uint8Array;
} {
  const [request] = elements(der);
  const [info] = elements(request!.content);
  const [, name, key] = elements(info!.content);
  if (name?.tag !== tags.sequence || key?.tag !== tags.sequence) throw new RangeError('not a request');
  return { subject: readName(name), publicKey: key.whole };
}

/** A certificate's own words; who made it is for `isSignedBy` to say. Throws a RangeError. */
export function readCertificate(der: Uint8Array): {
  readonly subject: Subject;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
} {
  const [certificate] = elements(der);
  const [signed, , signature] = elements(certificate!.content);
  const fields = elements(signed!.content).filter(({ tag }) => tag !== tags.context0);
  const [, , , validity, name] = fields;
  const [notBefore, notAfter] = elements(validity!.content);
  return {
    subject: readName(name!),
    notBeforeMs: readTime(notBefore!),
    notAfterMs: readTime(notAfter!),
    signed: signed!.whole,
    signature: signature!.content.slice(1),
  };
}

function readTime({ content }: Element): number {
  const digits = text(content).slice(0, -1);
  const [year, month, day, hour, minute, second] = [
    2000 + Number(digits.slice(0, 2)),
    ...[2, 4, 6, 8, 10].map((at) => Number(digits.slice(at, at + 2))),
  ] as [number, number, number, number, number, number];
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** `YYMMDDHHMMSSZ`, good until 2049. */
function writeTime(ms: number): number[] {
  const digits = new Date(ms).toISOString().replace(/[-T:]/g, '').slice(2, 14);
  return element(
    tags.utcTime,
    Array.from(`${digits}Z`, (digit) => digit.charCodeAt(0)),
  );
}

/** A certificate in DER, signed with the authority's key. */
export function writeCertificate(
  parts: {
    readonly subject: Subject;
    readonly issuer: string;
    /** Bytes of a positive number: the first from 1 to 127. */
    readonly serial: readonly number[];
    readonly notBeforeMs: number;
    readonly notAfterMs: number;
    /** A SubjectPublicKeyInfo in DER. */
    readonly publicKey: ArrayLike<number>;
  },
  key: Uint8Array,
): Uint8Array {
  const algorithm = element(tags.sequence, element(tags.oid, hmacWithSha256));
  const signed = element(tags.sequence, [
    ...element(tags.context0, element(tags.integer, [2])),
    ...element(tags.integer, parts.serial),
    ...algorithm,
    ...writeName({ commonName: parts.issuer, organizations: [] }),
    ...element(tags.sequence, [...writeTime(parts.notBeforeMs), ...writeTime(parts.notAfterMs)]),
    ...writeName(parts.subject),
    ...Array.from(parts.publicKey),
  ]);
  const signature = hmacSha256(key, Uint8Array.from(signed));
  return Uint8Array.from(
    element(tags.sequence, [...signed, ...algorithm, ...element(tags.bits, [0, ...signature])]),
  );
}

/** True when the certificate was signed with this authority's key. */
export function isSignedBy(
  certificate: { readonly signed: Uint8Array; readonly signature: Uint8Array },
  key: Uint8Array,
): boolean {
  return hmacSha256(key, certificate.signed).join() === certificate.signature.join();
}

/** The public key of somebody whose key nobody needs: an empty one of the authority's algorithm. */
export function placeholderKey(): number[] {
  const algorithm = element(tags.sequence, element(tags.oid, hmacWithSha256));
  return element(tags.sequence, [...algorithm, ...element(tags.bits, [0])]);
}
