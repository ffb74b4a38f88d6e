// Upstream: kubelet/pkg/cri/streaming/remotecommand, apimachinery/pkg/util/remotecommand
import { StringDecoder } from 'node:string_decoder';
import type { ExecMessage, ExecRequest, ExecStream } from '#kubernetes/api/request.ts';
import type { Status } from '#generated/types/meta.v1.ts';
import { LineDiscipline, terminalOutput } from './lineDiscipline.ts';

/** The client's end of exec or attach, over whatever protocol. */
export interface RemoteClient {
  send(channel: 'stdout' | 'stderr' | 'error', bytes: Buffer): void;
  /** Nothing more will be sent. */
  finish(): void;
}

/** What a client does while its command runs. */
export interface RemoteInput {
  /** Bytes of standard input; null is their end. */
  input(bytes: Buffer | null): void;
  resize(bytes: Buffer): void;
  /** The client went away. */
  hangUp(): void;
}

/** What a request's query asks to be run. */
export function readExecRequest(query: URLSearchParams): ExecRequest {
  const container = query.get('container');
  const isSet = (name: string) => /^(1|t|true)$/i.test(query.get(name) ?? '');
  return {
    ...(container && { container }),
    command: query.getAll('command'),
    ...(isSet('stdin') && { stdin: true }),
    ...(isSet('tty') && { tty: true }),
  };
}

/** Joins a client to a command's stream. */
export function runRemoteCommand(stream: ExecStream, client: RemoteClient, tty: boolean): RemoteInput {
  let open = true;
  const show = (text: string) => client.send('stdout', Buffer.from(tty ? terminalOutput(text) : text));
  stream.open(
    (batch) => {
      for (const message of batch as readonly ExecMessage[]) {
        if (message.channel === 'error') client.send('error', errorBytes(message.status));
        else if (message.channel === 'stdout') show(message.text);
        else client.send('stderr', Buffer.from(message.text));
      }
    },
    () => {
      open = false;
      client.finish();
    },
  );
  const deliver = (text: string | null) => {
    if (open) stream.write(text);
  };
  const keys = tty ? new LineDiscipline(deliver, (text) => client.send('stdout', Buffer.from(text))) : null;
  const decoder = new StringDecoder('utf8');
  return {
    input(bytes) {
      if (bytes === null) deliver(null);
      else if (keys !== null) keys.type(bytes);
      else deliver(decoder.write(bytes));
    },
    resize(bytes) {
      const size = readSize(bytes);
      if (open && size !== null) stream.resize(size.columns, size.rows);
    },
    hangUp() {
      if (open) stream.close();
      open = false;
    },
  };
}

/** How a command ended, as the error channel says it. */
export function errorBytes(status: Status): Buffer {
  return Buffer.from(JSON.stringify(status));
}

function readSize(bytes: Buffer): { columns: number; rows: number } | null {
  try {
    const { Width, Height } = JSON.parse(bytes.toString()) as { Width?: unknown; Height?: unknown };
    return typeof Width === 'number' && typeof Height === 'number' ? { columns: Width, rows: Height } : null;
  } catch {
    return null;
  }
}
