import { constants, inflateSync } from 'node:zlib';

/** Words that every SPDY/3 header block may refer to, each with its length before it. The specification's, section 2.6.10.1. */
const dictionaryWords =
  'options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age allow authorization cache-control connection content-base content-encoding content-language content-length content-location content-md5 content-range content-type date etag expect expires from host if-match if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards pragma proxy-authenticate proxy-authorization range referer retry-after server te trailer transfer-encoding upgrade user-agent vary via warning www-authenticate method get status 200_OK version HTTP/1.1 url public set-cookie keep-alive origin';
const dictionaryEnd =
  '100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.';

export const dictionary = Buffer.concat([
  ...dictionaryWords.split(' ').map((word) => prefixed(word.replace('_', ' '))),
  Buffer.from(dictionaryEnd),
]);

function prefixed(word: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(word.length);
  return Buffer.concat([length, Buffer.from(word)]);
}

/** Compressed headers that one connection may bring; far more than any client's streams need. */
const compressedBytesMax = 1024 * 1024;

/**
 * Reads the header blocks of one connection. All of them are one deflate stream, so the whole of it is inflated again
 * for each: blocks are short and few, and this way reading is synchronous.
 */
export class HeaderReader {
  #compressed = Buffer.alloc(0);
  #readLength = 0;

  /** Throws RangeError for what cannot be read. */
  read(block: Buffer): ReadonlyMap<string, string> {
    this.#compressed = Buffer.concat([this.#compressed, block]);
    if (this.#compressed.length > compressedBytesMax) throw new RangeError('too many headers');
    const all = inflateSync(this.#compressed, { dictionary, finishFlush: constants.Z_SYNC_FLUSH });
    const fresh = all.subarray(this.#readLength);
    this.#readLength = all.length;
    return readPairs(fresh);
  }
}

function readPairs(bytes: Buffer): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  let at = 4;
  const take = (): string => {
    const length = bytes.readUInt32BE(at);
    at += 4 + length;
    return bytes.toString('latin1', at - length, at);
  };
  for (let left = bytes.readUInt32BE(0); left > 0; left--) headers.set(take().toLowerCase(), take());
  return headers;
}

/**
 * An empty header block: a stored block of one zlib stream, whose head goes before the first, and an empty one, at which
 * Go's reader hands on what it has.
 */
export function emptyHeaders(isFirst: boolean): Buffer {
  const count = Buffer.alloc(4);
  const stored = Buffer.from([0, count.length, 0, ~count.length & 0xff, 0xff]);
  const flush = Buffer.from([0, 0, 0, 0xff, 0xff]);
  return Buffer.concat([isFirst ? Buffer.from([0x78, 0x01]) : Buffer.alloc(0), stored, count, flush]);
}
