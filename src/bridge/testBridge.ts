import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { fileURLToPath } from 'node:url';
import type { Recipe } from '#classroom/recipe.ts';
import { Bridge, type BridgeSettings } from './bridge.ts';
import { readScenario } from './scenarios.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A bridge over an empty cluster that has not begun. */
export function makeBridge(settings: Partial<BridgeSettings> = {}): Bridge {
  return new Bridge({
    scenario: readScenario(root, 'empty'),
    seed: 'test',
    host: '127.0.0.1',
    port: 0,
    http: false,
    speed: 1,
    ...settings,
  });
}

/** One on a free port, its time running, after what was recorded. */
export async function openBridge(
  settings: Partial<BridgeSettings> = {},
  recording: Recipe | null = null,
): Promise<Bridge> {
  const bridge = makeBridge(settings);
  if (recording !== null) await bridge.replay(recording);
  await bridge.listen(recording === null ? undefined : 0);
  void bridge.driver.run();
  return bridge;
}

export interface Ask {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
  /** Without the learner's client certificate. */
  readonly anonymous?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Opens a request over the wire; resolves when the headers are there. */
export function open(bridge: Bridge, ask: Ask): Promise<IncomingMessage> {
  const { certificates, url } = bridge;
  const options = {
    method: ask.method ?? 'GET',
    headers: ask.headers,
    ...(certificates && {
      ca: certificates.authority,
      ...(!ask.anonymous && { cert: certificates.client.certificate, key: certificates.client.key }),
    }),
  };
  return new Promise((resolve, reject) => {
    const target = new URL(url + ask.path);
    const sent =
      certificates === null
        ? httpRequest(target, options, resolve)
        : httpsRequest(target, { ...options, agent: false }, resolve);
    sent.on('error', reject);
    sent.end(ask.body);
  });
}

/** Sends a request and reads the whole answer. */
export async function send(bridge: Bridge, ask: Ask): Promise<Answer> {
  const message = await open(bridge, ask);
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return { status: message.statusCode ?? 0, headers: message.headers, body: Buffer.concat(chunks) };
}
