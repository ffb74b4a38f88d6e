// Upstream: apiserver/pkg/storage/continue.go
import { decodeBase64, encodeBase64 } from '#kubernetes/api/base64.ts';
import { decodeJson, JsonError } from '#kubernetes/apimachinery/jsonDecoder.ts';
import { badRequest, type StatusError } from '#kubernetes/apimachinery/statusError.ts';

const version = 'meta.k8s.io/v1';

export interface Continue {
  /** The key that comes next or just before it, without the prefix of the list. */
  readonly start: string;
  /** The revision of the first page; -1 for the present one. */
  readonly revision: number;
}

/** The opaque text that asks for what follows: `start` is behind the last key that was shown. */
export function encodeContinue({ start, revision }: Continue): string {
  return encodeBase64(JSON.stringify({ v: version, rv: revision, start }))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

/** Reads a token. Throws BadRequest for what no server made. */
export function decodeContinue(token: string): Continue {
  const { v, rv, start } = readToken(token);
  if (v !== version) {
    throw invalidToken(`continue key is not valid: server does not recognize this encoded version ${v}`);
  }
  if (rv === 0) {
    throw invalidToken(
      `continue key is not valid: incorrect encoded start resourceVersion (version ${version})`,
    );
  }
  if (start === '')
    throw invalidToken(`continue key is not valid: encoded start key empty (version ${version})`);
  // A token cannot climb out of the range that its own request may read.
  const steps = start.replace(/^\//, '').split('/');
  if (steps.some((step) => step === '' || step === '.' || step === '..'))
    throw invalidToken(`continue key is not valid: ${start}`);
  return { start: start.replace(/^\//, ''), revision: rv };
}

function readToken(token: string): { v: string; rv: number; start: string } {
  const bytes = /^[\w-]*$/.test(token) && token.length % 4 !== 1 ? decodeBase64(padded(token)) : undefined;
  if (bytes === undefined) {
    const at = token.search(/[^\w-]/);
    throw invalidToken(
      `continue key is not valid: illegal base64 data at input byte ${at < 0 ? token.length - 1 : at}`,
    );
  }
  try {
    const { value } = decodeJson(textOf(bytes));
    const { v, rv, start } = (typeof value === 'object' && value !== null ? value : {}) as Record<
      string,
      unknown
    >;
    return {
      v: typeof v === 'string' ? v : '',
      rv: Number.isSafeInteger(rv) ? (rv as number) : 0,
      start: typeof start === 'string' ? start : '',
    };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw invalidToken(`continue key is not valid: ${error.message}`);
  }
}

function padded(token: string): string {
  const standard = token.replaceAll('-', '+').replaceAll('_', '/');
  return standard + '='.repeat((4 - (standard.length % 4)) % 4);
}

/** Names are ASCII, and so is all that a server puts into a token: one byte is one character. */
function textOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

function invalidToken(why: string): StatusError {
  return badRequest(`invalid continue token: ${why}`);
}
