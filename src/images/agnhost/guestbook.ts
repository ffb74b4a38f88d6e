// Upstream: test/images/agnhost/guestbook
import type { ContainerScope } from '#world/machine/image.ts';
import type { HttpRequest, HttpResponse } from '#world/network/http.ts';
import { queryValue } from '../flaskApp.ts';
import { definePort, defineServer } from '../image.ts';
import { dialHttp } from './dial.ts';
import { flagOf, logLine, memoryIdleBytes, notFound, portOf, respond } from './respond.ts';

const startMs = 200;
/** Upstream: how often, and for how long, a replica tries to reach its primary. */
const retryMs = 1_000;
const registerMs = 15_000;

type Entries = Readonly<Record<string, string>>;

const storeOf = ({ memory }: ContainerScope) => (memory.get('store') ?? {}) as Entries;
const replicasOf = ({ memory }: ContainerScope) => (memory.get('replicas') ?? []) as readonly string[];
const backendPort = (args: readonly string[]) => portOf(args, 6379, '--backend-port');

function register(request: HttpRequest, container: ContainerScope): HttpResponse {
  const host = queryValue(request, 'host') ?? '';
  container.memory.set('replicas', [...replicasOf(container), host]);
  note(container, `Node '${host}' registered.`);
  return respond(JSON.stringify({ data: storeOf(container) }));
}

function get(request: HttpRequest, container: ContainerScope): HttpResponse {
  const key = queryValue(request, 'key') ?? '';
  const store = storeOf(container);
  const data = key === '' ? store : Object.hasOwn(store, key) ? store[key] : '';
  return respond(JSON.stringify({ data }));
}

function set(request: HttpRequest, container: ContainerScope): HttpResponse {
  const [key = '', value = ''] = [queryValue(request, 'key'), queryValue(request, 'value')];
  if (key === '') return respond('cannot set with empty key.\n', 400);
  container.memory.set('store', { ...storeOf(container), [key]: value });
  const path = `set?key=${encodeURIComponent(key)}&value=${encodeURIComponent(value)}`;
  let delayMs = 0;
  for (const replica of replicasOf(container)) {
    const { error, latencyMs } = dialHttp(container.network, replica, backendPort(container.args), path);
    delayMs += latencyMs;
    if (error !== undefined) {
      const why = `encountered error while propagating to replica '${replica}': ${error}\n`;
      return { ...respond(why, 417), delayMs };
    }
  }
  return { ...respond('{"message":"Updated"}'), delayMs };
}

/** Hands on to the primary what is written, and to a replica what is read. */
function guestbook(request: HttpRequest, { network, args }: ContainerScope): HttpResponse {
  const command = (queryValue(request, 'cmd') ?? '').toLowerCase();
  const [key = '', value = ''] = [queryValue(request, 'key'), queryValue(request, 'value')];
  if (command !== 'get' && command !== 'set') return respond(`unsupported cmd: '${command}'\n`, 400);
  if (command === 'set' && key === '') return respond('cannot set with empty key.\n', 400);
  const host = command === 'get' ? 'agnhost-replica' : 'agnhost-primary';
  const found = network.lookUp(host);
  if (found.addresses === null)
    return respond(`host and/or port param are invalid. lookup ${host}: no such host\n`, 400);
  const path = `${command}?key=${encodeURIComponent(key)}&value=${encodeURIComponent(value)}`;
  const { response, error, latencyMs } = dialHttp(network, found.addresses[0]!, backendPort(args), path);
  const delayMs = found.latencyMs + latencyMs;
  return {
    ...(response === undefined ? respond(`encountered error: ${error}\n`, 417) : respond(response)),
    delayMs,
  };
}

const handlers: Readonly<Record<string, typeof get>> = {
  '/register': register,
  '/get': get,
  '/set': set,
  '/guestbook': guestbook,
};

function note(container: ContainerScope, text: string): void {
  container.log(logLine(container.simulation.nowMs, text));
}

/** Tells the primary of a replica, and takes over what it holds; tries again until that works or too much time is over. */
function join(container: ContainerScope, primary: string, untilMs: number): void {
  const { simulation, network, args, memory } = container;
  if (memory.get('ended') === true) return;
  const path = `register?host=${network.address}`;
  const address = network.lookUp(primary).addresses?.[0];
  const answer =
    address === undefined ? undefined : dialHttp(network, address, backendPort(args), path).response;
  if (answer !== undefined) {
    memory.set('store', (JSON.parse(answer) as { data: Entries }).data);
    note(container, `Registered to node: ${primary}`);
  } else if (simulation.nowMs >= untilMs) {
    note(container, 'Timed out while registering to primary.');
    container.kill(1);
  } else simulation.after(retryMs, () => join(container, primary, untilMs));
}

/** `agnhost guestbook`: keeps what is written into it, as a primary, a replica, or the page before both. */
export const guestbookServer = defineServer({
  startMs,
  memoryIdleBytes,
  onStart(container) {
    const primary = flagOf(container.args, '--replicaof') ?? '';
    const { simulation } = container;
    const untilMs = simulation.nowMs + startMs + registerMs;
    if (primary !== '') simulation.after(startMs, () => join(container, primary, untilMs));
  },
  onEnd: ({ memory }) => void memory.set('ended', true),
  ports: ({ args }) => [
    definePort({
      port: portOf(args, 80, '--http-port'),
      isSteady: false,
      handle(request, container) {
        const [path = ''] = request.path.split('?');
        note(container, `GET ${request.path}`);
        return (Object.hasOwn(handlers, path) ? handlers[path]! : () => notFound)(request, container);
      },
    }),
  ],
});
