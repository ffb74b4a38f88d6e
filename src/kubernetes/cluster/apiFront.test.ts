import { expect, test } from 'vitest';
import type { ApiRequest, ApiStream } from '#kubernetes/api/request.ts';
import { ApiFront } from './apiFront.ts';

const request: ApiRequest = { method: 'GET', path: '/api/v1/pods', user: { name: 'me', groups: [] } };

function newFront() {
  const lost = new Set<string>();
  const sources: { closed: boolean; send(text: string): void }[] = [];
  const front = new ApiFront({
    node: 'control-plane',
    address: '10.0.0.2',
    version: 'v1.36.0',
    isLost: (machine) => lost.has(machine),
    serve() {
      let receive: (batch: readonly unknown[]) => void = () => {};
      const source = { closed: false, send: (text: string) => receive([text]) };
      sources.push(source);
      const stream: ApiStream = {
        open: (onData) => void (receive = onData),
        close: () => void (source.closed = true),
      };
      return { status: 200, warnings: [], body: null, stream, latencyMs: 1 };
    },
  });
  front.start();
  const watch = (machine: string) => {
    const heard: unknown[] = [];
    const { stream } = front.handle(request, machine);
    stream!.open(
      (batch) => heard.push(...batch),
      () => heard.push('end'),
    );
    return { heard, stream: stream! };
  };
  return { front, lost, sources, watch };
}

test.each([
  ['a process that is down', false, 'dial tcp 10.0.0.2:6443: connect: connection refused', 0],
  ['a way that is cut', true, 'dial tcp 10.0.0.2:6443: i/o timeout', 30_000],
])('%s', (_, isLost, body, latencyMs) => {
  const { front, lost } = newFront();
  if (isLost) lost.add('node-1');
  else front.stop();
  expect(front.handle(request, 'node-1')).toEqual({ status: 0, warnings: [], body, latencyMs });
});

test('streams end with the process, once, and only those that are open', () => {
  const { front, sources, watch } = newFront();
  const open = watch('node-1');
  const closed = watch('node-2');
  closed.stream.close();
  sources[0]!.send('a');
  front.stop();
  front.stop();
  expect(open.heard).toEqual(['a', 'end']);
  expect(closed.heard).toEqual([]);
  expect(sources.map((source) => source.closed)).toEqual([true, true]);
});
