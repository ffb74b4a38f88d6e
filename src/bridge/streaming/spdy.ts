// The server's half of SPDY/3.1, as far as Kubernetes' exec, attach and port-forward use it: no flow control.
import { emptyHeaders, HeaderReader } from './spdyHeaders.ts';

/** Where frames go: a socket, or a WebSocket that carries them. */
export interface Carrier {
  write(bytes: Buffer): void;
  end(): void;
}

const frameTypes = { synStream: 1, synReply: 2, rstStream: 3, ping: 6, goAway: 7 } as const;
const finFlag = 1;
const streamsMax = 10_000;
/** Upstream: the frame's length has 24 bits; what clients send is far shorter. */
const headLength = 8;

/** One stream of a connection, opened by the client. */
export class SpdyStream {
  readonly headers: ReadonlyMap<string, string>;
  /** Called with what the client sends, and with null when it will send no more. */
  onData: (bytes: Buffer | null) => void = () => {};
  readonly #send: (flags: number, bytes: Buffer) => void;
  #isOpen = true;

  constructor(headers: ReadonlyMap<string, string>, send: (flags: number, bytes: Buffer) => void) {
    this.headers = headers;
    this.#send = send;
  }

  write(bytes: Buffer): void {
    if (this.#isOpen && bytes.length > 0) this.#send(0, bytes);
  }

  /** Says that nothing more will come from here. */
  end(): void {
    if (this.#isOpen) this.#send(finFlag, Buffer.alloc(0));
    this.#isOpen = false;
  }
}

/** A connection with its streams. `onStream` gets each as the client opens it. */
export class SpdyConnection {
  readonly #carrier: Carrier;
  readonly #onStream: (stream: SpdyStream) => void;
  readonly #headers = new HeaderReader();
  readonly #streams = new Map<number, SpdyStream>();
  #unread = Buffer.alloc(0);
  #hasReplied = false;

  constructor(carrier: Carrier, onStream: (stream: SpdyStream) => void) {
    this.#carrier = carrier;
    this.#onStream = onStream;
  }

  /** Takes bytes as they come; what is no SPDY ends the connection. */
  receive(bytes: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, bytes]);
    try {
      while (this.#unread.length >= headLength) {
        const end = headLength + this.#unread.readUIntBE(5, 3);
        if (this.#unread.length < end) return;
        const frame = this.#unread.subarray(0, end);
        this.#unread = this.#unread.subarray(end);
        this.#read(frame);
      }
    } catch {
      this.close();
    }
  }

  close(): void {
    for (const stream of this.#streams.values()) stream.onData(null);
    this.#streams.clear();
    this.#carrier.end();
  }

  #read(frame: Buffer): void {
    const word = frame.readUInt32BE(0);
    const flags = frame[4]!;
    const body = frame.subarray(headLength);
    if (word < 0x8000_0000) this.#readData(word, flags, body);
    else if ((word & 0xffff) === frameTypes.synStream) this.#open(body, flags);
    else if ((word & 0xffff) === frameTypes.rstStream) this.#drop(body.readUInt32BE(0));
    else if ((word & 0xffff) === frameTypes.ping) this.#carrier.write(control(frameTypes.ping, body));
    else if ((word & 0xffff) === frameTypes.goAway) this.close();
  }

  #open(body: Buffer, flags: number): void {
    const id = body.readUInt32BE(0) & 0x7fff_ffff;
    const headers = this.#headers.read(body.subarray(10));
    if (this.#streams.size >= streamsMax) throw new RangeError('too many streams');
    const stream = new SpdyStream(headers, (streamFlags, bytes) =>
      this.#carrier.write(Buffer.concat([head(id, streamFlags, bytes.length), bytes])),
    );
    this.#streams.set(id, stream);
    const number = Buffer.alloc(4);
    number.writeUInt32BE(id);
    const reply = Buffer.concat([number, emptyHeaders(!this.#hasReplied)]);
    this.#hasReplied = true;
    this.#carrier.write(control(frameTypes.synReply, reply));
    this.#onStream(stream);
    if ((flags & finFlag) !== 0) stream.onData(null);
  }

  #readData(id: number, flags: number, bytes: Buffer): void {
    const stream = this.#streams.get(id);
    if (bytes.length > 0) stream?.onData(bytes);
    if ((flags & finFlag) !== 0) stream?.onData(null);
  }

  #drop(id: number): void {
    this.#streams.get(id & 0x7fff_ffff)?.onData(null);
    this.#streams.delete(id & 0x7fff_ffff);
  }
}

function control(type: number, body: Buffer): Buffer {
  return Buffer.concat([head((0x8003_0000 | type) >>> 0, 0, body.length), body]);
}

function head(word: number, flags: number, length: number): Buffer {
  const bytes = Buffer.alloc(headLength);
  bytes.writeUInt32BE(word, 0);
  bytes[4] = flags;
  bytes.writeUIntBE(length, 5, 3);
  return bytes;
}
