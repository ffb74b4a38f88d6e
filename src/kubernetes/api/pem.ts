// RFC 7468
import { decodeBase64, encodeBase64Bytes } from './base64.ts';

const lineLength = 64;

/** `-----BEGIN CERTIFICATE-----` and so on. */
export function writePem(label: string, bytes: ArrayLike<number>): string {
  const lines = encodeBase64Bytes(bytes).match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? [];
  return `-----BEGIN ${label}-----\n${lines.map((line) => `${line}\n`).join('')}-----END ${label}-----\n`;
}

/** The bytes of the first block with that label, undefined when there is none. */
export function readPem(label: string, text: string): Uint8Array | undefined {
  const match = new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]*)-----END ${label}-----`).exec(text);
  return match === null ? undefined : decodeBase64(match[1]!.replace(/\s/g, ''));
}

/** Every block of a text; what is between them, and blocks that are no base64, do not count. */
export function readPemBlocks(
  text: string,
): readonly { readonly label: string; readonly hasHeaders: boolean; readonly bytes: Uint8Array }[] {
  const block = /^-----BEGIN ([^\n]*?)-----[ \t\r]*\n((?:[^\n:]+:[^\n]*\n)*)([\w+/=\s]*)-----END \1-----/gm;
  return [...text.matchAll(block)].flatMap(([, label = '', headers, body = '']) => {
    const bytes = decodeBase64(body.replace(/\s/g, ''));
    return bytes === undefined ? [] : [{ label, hasHeaders: headers !== '', bytes }];
  });
}
