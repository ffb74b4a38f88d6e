// Upstream: test/images/agnhost
import type { Program } from '#world/machine/program.ts';
import type { ContainerScope, Server } from '#world/machine/image.ts';
import type { HttpRequest, HttpResponse } from '#world/network/http.ts';
import { defineImage, definePort, defineServer, mb, mib } from '../image.ts';
import { and, bindTools, busyboxTools, network } from '../tools.ts';
import { commands } from './commands.ts';
import { conversionServer } from './conversion.ts';
import { fileServer } from './fileServer.ts';
import { guestbookServer } from './guestbook.ts';
import { netexecServer } from './netexec.ts';
import { porterServer } from './porter.ts';
import { memoryIdleBytes, notFound, portOf, respond } from './respond.ts';
import { serveHostnameServer } from './serveHostname.ts';
import { webhookServer } from './webhook.ts';

/** `agnhost nettest`: counts who has written to it. */
function nettest({ path, method, body }: HttpRequest, { memory, hostname }: ContainerScope): HttpResponse {
  const received = (memory.get('received') ?? {}) as Readonly<Record<string, number>>;
  if (path === '/read')
    return respond(JSON.stringify({ Hostname: hostname, Sent: {}, Received: received, Errors: null }));
  if (path !== '/write' || method !== 'POST') return notFound;
  const source = (JSON.parse(body) as { readonly Source?: string }).Source ?? '';
  memory.set('received', { ...received, [source]: (received[source] ?? 0) + 1 });
  return respond('{}');
}

/** How long `agnhost liveness` is well. */
const aliveMs = 10_000;

/** By command: what it listens on unless a flag says otherwise, and what it answers. */
const servers: Readonly<Record<string, Server>> = {
  guestbook: guestbookServer,
  netexec: netexecServer,
  porter: porterServer,
  'serve-hostname': serveHostnameServer,
  'fake-gitserver': defineServer({
    memoryIdleBytes,
    ports: [definePort({ port: 8000, handle: () => respond('I am a fake git server') })],
  }),
  nettest: defineServer({ memoryIdleBytes, ports: [definePort({ port: 8080, handle: nettest })] }),
  'test-webserver': fileServer,
  liveness: defineServer({
    memoryIdleBytes,
    onStart: ({ memory, simulation }) => void memory.set('startedMs', simulation.nowMs),
    ports: [
      definePort({
        port: 8080,
        isSteady: false,
        handle: (_request, { memory, simulation }) => {
          const age = simulation.nowMs - (memory.get('startedMs') as number);
          return age > aliveMs ? respond(`error: ${age / 1000}s`, 500) : respond('ok');
        },
      }),
    ],
  }),
  'grpc-health-checking': defineServer({
    memoryIdleBytes,
    ports: ({ args }) => [definePort({ port: portOf(args, 5000) })],
  }),
  pause: defineServer({
    memoryIdleBytes: 4 * mib,
    cpuIdleMillicores: 0,
    ports: [],
    startLog: () => 'Paused\n',
  }),
  'crd-conversion-webhook': conversionServer,
  webhook: webhookServer,
};

/** What is no server is a command that runs and ends. */
const program: Program = async (process) => {
  const name = process.args[1] ?? '';
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command !== undefined) return command(process);
  await process.stderr.write(`Error: unknown command ${JSON.stringify(name)} for "app"\n`);
  return 1;
};

/** Upstream's image for tests, with some of its many commands. */
export const agnhost = defineImage({
  name: 'registry.k8s.io/e2e-test-images/agnhost',
  tags: ['2.59', '2.56', '2.53', '2.47', '2.45', '2.43', '2.40', '2.39'],
  sizeBytes: 51 * mb,
  entrypoint: ['/agnhost'],
  command: ['pause'],
  programs: and(busyboxTools, network('curl', 'getent'), bindTools, [
    ['/agnhost', program],
    ['/agnhost-2', program],
  ]),
  serverFor: (args) => (args[0]?.endsWith('agnhost') === true ? servers[args[1] ?? ''] : undefined),
});
