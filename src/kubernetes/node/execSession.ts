// Upstream: staging/src/k8s.io/kubelet/pkg/cri/streaming/remotecommand
import type { Status } from '#generated/types/meta.v1.ts';
import type { ExecMessage, ExecRequest, ExecStream } from '#kubernetes/api/request.ts';
import { Pipe } from '#world/machine/pipe.ts';
import { BrokenPipe } from '#world/machine/program.ts';
import type { RunningProcess } from '#world/machine/process.ts';
import { callbackSink } from '#world/machine/stream.ts';
import { Terminal } from '#world/machine/terminal.ts';
import type { Container } from './container.ts';
import type { ExecStreams } from './containerSite.ts';
import { Outlet } from './outlet.ts';

/** How a process's end looks on the error channel. */
function endStatus(exitCode: number): Status {
  const kind = { kind: 'Status', apiVersion: 'v1', metadata: {} } as const;
  if (exitCode === 0) return { ...kind, status: 'Success' };
  return {
    ...kind,
    status: 'Failure',
    message: `command terminated with non-zero exit code: error executing command, exit code ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
}

/** Runs a command in a container for a client. A text says why it cannot run. */
export function openExec(container: Container, request: ExecRequest): ExecStream | string {
  const { simulation } = container;
  const outlet = new Outlet<ExecMessage>(simulation);
  const send = (channel: 'stdout' | 'stderr') => (text: string) => outlet.put({ channel, text });
  const { columns = 80, rows = 24 } = request;
  const terminal = request.tty
    ? new Terminal(simulation, { size: { columns, rows }, print: send('stdout') })
    : null;
  const pipe = request.stdin && terminal === null ? new Pipe(simulation) : null;
  pipe?.sink.retain();
  const fed = pipe && new PipeFeed(pipe);
  const streams: ExecStreams =
    terminal === null
      ? {
          stdout: callbackSink(send('stdout')),
          stderr: callbackSink(send('stderr')),
          ...(pipe && { stdin: pipe.source }),
        }
      : { stdout: terminal.sink, stderr: terminal.sink, ...(request.stdin && { stdin: terminal.source }) };
  const process = container.exec(request.command ?? [], streams);
  if (typeof process === 'string') return process;
  process.onExit((exitCode) => {
    outlet.put({ channel: 'error', status: endStatus(exitCode) });
    outlet.end();
  });
  return {
    open: (receive, end) => outlet.open(receive, end),
    close() {
      outlet.close();
      hangUp(process);
    },
    write(text) {
      if (text === '\u0003' && terminal !== null) process.signal('INT');
      else if (terminal !== null) {
        if (text === null) terminal.end();
        else terminal.feed(text);
      } else fed?.write(text);
    },
    resize: (width, height) => terminal?.resize({ columns: width, rows: height }),
  };
}

/** Joins a client to a container's first process: its output from now on, and its input where it takes any. */
export function openAttach(container: Container, request: ExecRequest): ExecStream {
  const outlet = new Outlet<ExecMessage>(container.simulation);
  const unfollow = container.logs.follow(({ text }) => outlet.put({ channel: 'stdout', text }));
  container.whenEnded(() => {
    outlet.put({ channel: 'error', status: endStatus(container.exitCode ?? 0) });
    outlet.end();
  });
  return {
    open: (receive, end) => outlet.open(receive, end),
    close() {
      unfollow();
      outlet.close();
    },
    write(text) {
      if (request.stdin !== true) return;
      if (text === '\u0003') container.interrupt();
      else container.attachedInput?.(text);
    },
    resize: () => {},
  };
}

/** Characters that may wait for a process that does not read; a client that sends more loses them. */
const waitingLengthMax = 16 * 1024 * 1024;

/** Feeds a pipe as fast as its reader takes it; what it has no room for waits. */
class PipeFeed {
  readonly #pipe: Pipe;
  #waiting = '';
  #hasEnded = false;
  #isBlocked = false;

  constructor(pipe: Pipe) {
    this.#pipe = pipe;
  }

  /** Null is the end. */
  write(text: string | null): void {
    if (text === null) this.#hasEnded = true;
    else if (this.#waiting.length < waitingLengthMax) this.#waiting += text;
    if (!this.#isBlocked) this.#pass();
  }

  #pass(): void {
    try {
      if (this.#waiting !== '') this.#waiting = this.#waiting.slice(this.#pipe.sink.offer(this.#waiting));
    } catch (error) {
      // Nobody reads any more.
      if (!(error instanceof BrokenPipe)) throw error;
      this.#waiting = '';
    }
    this.#isBlocked = this.#waiting !== '';
    if (this.#isBlocked) this.#pipe.sink.whenReady(() => this.#pass());
    else if (this.#hasEnded) this.#pipe.closeSink();
  }
}

/** The client went away: what it ran gets SIGHUP, as on a closed terminal. */
function hangUp(process: RunningProcess): void {
  if (process.exitCode === null) process.signal('HUP');
}
