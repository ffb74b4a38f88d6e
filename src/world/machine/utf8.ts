/** Files are texts: a byte that is part of no UTF-8 is kept as this code unit, which no text has by itself, plus the byte. */
const strayByte = 0xdc00;
const isStray = (code: number) => code >= strayByte + 0x80 && code <= strayByte + 0xff;

/** A text as UTF-8 bytes, each a character of a string from 0 to 255. */
export function toBytes(text: string): string {
  let bytes = '';
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code < 0x80) bytes += character;
    else if (code < 0x800) bytes += String.fromCharCode(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (isStray(code)) bytes += String.fromCharCode(code - strayByte);
    else if (code < 0x1_0000) {
      bytes += String.fromCharCode(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    } else {
      const [a, b, c] = [0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
      bytes += String.fromCharCode(0xf0 | (code >> 18), a, b, c);
    }
  }
  return bytes;
}

/** UTF-8 bytes as a text; `toBytes` gives back also those that are no UTF-8. */
export function fromBytes(bytes: string): string {
  return bytes.replace(
    /[\u00c2-\u00df][\u0080-\u00bf]|[\u00e0-\u00ef][\u0080-\u00bf]{2}|[\u00f0-\u00f4][\u0080-\u00bf]{3}|[\u0080-\u00ff]/g,
    (sequence) => {
      if (sequence.length === 1) return String.fromCharCode(strayByte + sequence.charCodeAt(0));
      let code = sequence.charCodeAt(0) & (0x7f >> sequence.length);
      for (let at = 1; at < sequence.length; at++) code = (code << 6) | (sequence.charCodeAt(at) & 63);
      return String.fromCodePoint(code);
    },
  );
}

/** How many bytes a text takes. */
export function utf8Length(text: string): number {
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x80) length += 1;
    else if (code < 0x800) length += 2;
    else if (code >= 0xd800 && code < 0xdc00) {
      length += 4;
      at++;
    } else length += isStray(code) ? 1 : 3;
  }
  return length;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 of a text's UTF-8 bytes. */
export function encodeBase64(text: string): string {
  const bytes = toBytes(text);
  let out = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a, b, c] = [bytes.charCodeAt(at), bytes.charCodeAt(at + 1), bytes.charCodeAt(at + 2)];
    const group = (a << 16) | ((b || 0) << 8) | (c || 0);
    const left = bytes.length - at;
    out += alphabet[group >> 18]! + alphabet[(group >> 12) & 63]!;
    out += left > 1 ? alphabet[(group >> 6) & 63]! : '=';
    out += left > 2 ? alphabet[group & 63]! : '=';
  }
  return out;
}

/** The text that base64 stands for, as far as it can be read. */
export function decodeBase64(encoded: string): { readonly text: string; readonly valid: boolean } {
  const clean = encoded.replace(/\s/g, '');
  let bytes = '';
  let group = 0;
  let bits = 0;
  for (const character of clean.replace(/=+$/, '')) {
    const value = alphabet.indexOf(character);
    if (value < 0) return { text: fromBytes(bytes), valid: false };
    group = ((group << 6) | value) & 0xff_ffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += String.fromCharCode((group >> bits) & 255);
  }
  return { text: fromBytes(bytes), valid: clean.length % 4 === 0 };
}
