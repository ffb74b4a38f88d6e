import { expect, test } from 'vitest';
import type { ApiRequest, ApiResponse, ExecMessage, ExecStream } from '#kubernetes/api/request.ts';
import { TestWorkstation } from '../testWorkstation.ts';

const answer = (body: unknown, stream?: ExecStream): ApiResponse => ({
  status: 200,
  warnings: [],
  latencyMs: 0,
  body,
  ...(stream && { stream }),
});

/** A workstation whose pod answers log and exec requests with `serve`. */
function workstationWith(serve: (request: ApiRequest) => ApiResponse): TestWorkstation {
  const workstation = new TestWorkstation(
    (inner) => (request) => (/\/(log|exec)$/.test(request.path) ? serve(request) : inner(request)),
  );
  for (const containers of [
    [
      { name: 'main', image: 'x' },
      { name: 'side', image: 'y' },
    ],
  ]) {
    workstation.send('POST', '/api/v1/namespaces/default/pods', {
      metadata: { name: 'web' },
      spec: { containers },
    });
  }
  return workstation;
}

/** A stream that says `messages`, one a second, and remembers what it is told. */
function streamOf(
  workstation: () => TestWorkstation,
  messages: readonly unknown[],
  told: (string | null)[] = [],
): ExecStream {
  let closed = false;
  return {
    open(onData, onEnd) {
      const { simulation } = workstation();
      messages.forEach((message, i) => simulation.after((i + 1) * 1000, () => !closed && onData([message])));
      simulation.after((messages.length + 1) * 1000, () => onEnd());
    },
    close: () => (closed = true),
    write: (text) => told.push(text),
    resize: () => {},
  };
}

test('exec prints both streams, feeds standard input, and exits as the command does', async () => {
  const told: (string | null)[] = [];
  const requests: ApiRequest[] = [];
  const failed = {
    status: 'Failure',
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: '3' }] },
  };
  const messages = [
    { channel: 'stdout', text: 'out\n' },
    { channel: 'stderr', text: 'err\n' },
    { channel: 'error', status: failed },
  ] as unknown as ExecMessage[];
  const workstation: TestWorkstation = workstationWith((request) => {
    requests.push(request);
    return answer(
      null,
      streamOf(() => workstation, messages, told),
    );
  });
  const { result } = workstation.start('exec -i web -c side -- sh -c "exit 3"', 'typed\n');
  await workstation.pass(5000);
  expect(result).toEqual({ out: 'out\n', err: 'err\ncommand terminated with exit code 3\n', code: 3 });
  expect(requests[0]!.body).toEqual({ container: 'side', command: ['sh', '-c', 'exit 3'], stdin: true });
  expect(told).toEqual(['typed\n', null]);
});

test('the first of several containers is taken, and said', async () => {
  const workstation = workstationWith(() =>
    answer(
      null,
      streamOf(() => workstation, [{ channel: 'error', status: { status: 'Success' } }]),
    ),
  );
  const { result } = workstation.start('exec web -- true');
  await workstation.pass(5000);
  expect(result).toEqual({ out: '', err: 'Defaulted container "main" out of: main, side\n', code: 0 });
});

test.each([
  ['exec', 'error: pod, type/name or --filename must be specified\n'],
  ['exec web', 'error: you must specify at least one command for the container\n'],
  ['exec nope -- ls', 'Error from server (NotFound): pods "nope" not found\n'],
])('kubectl %s', async (line, err) => {
  const workstation = workstationWith(() => answer(null));
  expect(await workstation.run(line)).toEqual({ out: '', err, code: 1 });
});

test('logs asks for what the flags say', async () => {
  const requests: ApiRequest[] = [];
  const workstation = workstationWith((request) => {
    requests.push(request);
    return answer('one\ntwo\n');
  });
  expect(await workstation.run('logs web -c main --tail=2 --since=90s --timestamps -p')).toEqual({
    out: 'one\ntwo\n',
    err: '',
    code: 0,
  });
  expect(requests[0]!.query).toEqual({
    container: 'main',
    tailLines: '2',
    sinceSeconds: '90',
    timestamps: 'true',
    previous: 'true',
  });
  expect(await workstation.run('logs web --all-containers --prefix')).toMatchObject({
    out: '[pod/web/main] one\n[pod/web/main] two\n[pod/web/side] one\n[pod/web/side] two\n',
  });
});

test('followed logs come as they are written, until Ctrl-C', async () => {
  const workstation = workstationWith(() =>
    answer(
      null,
      streamOf(() => workstation, ['a\n', 'b\n', 'c\n']),
    ),
  );
  const { result, kill } = workstation.start('logs -f web -c main');
  await workstation.pass(2500);
  expect(result).toMatchObject({ out: 'a\nb\n', code: null });
  kill();
  await workstation.pass(5000);
  expect(result).toEqual({ out: 'a\nb\n', err: '', code: 130 });
});
