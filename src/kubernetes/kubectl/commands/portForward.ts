// Upstream: kubectl/pkg/cmd/portforward/portforward.go, client-go/tools/portforward/portforward.go
import type { Pod, Service } from '#generated/types/core.v1.ts';
import { pathOf } from '#kubernetes/api/kind.ts';
import type { ApiStream } from '#kubernetes/api/request.ts';
import type { HttpResponse } from '#world/network/http.ts';
import type { Listener } from '#world/network/network.ts';
import type { Command } from '../command.ts';
import { CommandError, usageError } from '../errors.ts';
import { duration, strings } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { klogLine } from '../klog.ts';
import { podsFor } from '../podFor.ts';
import { readReferences } from '../targets.ts';

interface Forward {
  /** 0 for any that is free. */
  readonly local: number;
  readonly remote: number;
}

export const portForward: Command = {
  name: 'port-forward',
  group: 'Troubleshooting and Debugging Commands',
  summary: 'Forward one or more local ports to a pod',
  long: "Forward one or more local ports to a pod.\n\n Use resource type/name such as deployment/mydeployment to select a pod. Resource type defaults to 'pod' if omitted.\n\n If there are multiple pods matching the criteria, a pod will be selected automatically. The forwarding session ends when the selected pod terminates, and a rerun of the command is needed to resume forwarding.",
  examples: [
    [
      'Listen on ports 5000 and 6000 locally, forwarding data to/from ports 5000 and 6000 in the pod',
      'kubectl port-forward pod/mypod 5000 6000',
    ],
    [
      'Listen on port 8443 locally, forwarding to the targetPort of the service\'s port named "https" in a pod selected by the service',
      'kubectl port-forward service/myservice 8443:https',
    ],
    [
      'Listen on a random port locally, forwarding to 5000 in the pod',
      'kubectl port-forward pod/mypod :5000',
    ],
  ],
  usage: 'port-forward TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]',
  arguments: 'pods',
  flags: [
    strings(
      'address',
      'Addresses to listen on (comma separated). Only accepts IP addresses or localhost as a value. When localhost is supplied, kubectl will try to bind on both 127.0.0.1 and ::1 and will fail if neither of these addresses are available to bind.',
      { initial: '[localhost]' },
    ),
    duration(
      'pod-running-timeout',
      'The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running',
      { initial: '1m0s' },
    ),
  ],
  async run(invocation) {
    const { args, flags, path } = invocation;
    const [named = '', ...ports] = args;
    if (ports.length === 0)
      throw usageError(path, 'TYPE/NAME and list of ports are required for port-forward');
    const [pod] = await podsFor(invocation, named, flags.durationMs('pod-running-timeout'), true);
    const service = await serviceOf(invocation, named);
    const forwards = ports.map((port) => readForward(port, pod!, service));
    if (pod!.status.phase !== 'Running')
      throw new CommandError(
        `unable to forward port because pod is not running. Current status=${pod!.status.phase}`,
      );
    await new Session(invocation, pod!).run(forwards);
  },
};

async function serviceOf(invocation: Invocation, named: string): Promise<Service | null> {
  if (!named.includes('/')) return null;
  const [reference] = await readReferences(invocation, [named]);
  const { resource, name = '' } = reference!;
  if (resource.plural !== 'services') return null;
  return invocation.client.get<Service>(resource, invocation.namespace, name);
}

/** Reads `8080:80`, `:http` or `80`; a service's port leads to its target. Throws CommandError. */
function readForward(text: string, pod: Pod, service: Service | null): Forward {
  const parts = text.split(':');
  const [local = '', second = local] = parts;
  const remote = parts.length === 2 ? second : local;
  const number = service === null ? podPort(remote, pod) : servicePort(remote, service, pod);
  const own = parts.length !== 2 ? (/^\d+$/.test(remote) ? remote : String(number)) : local || '0';
  return { local: readPort(own, 'local'), remote: readPort(String(number), 'remote') };
}

function readPort(text: string, which: 'local' | 'remote'): number {
  if (!/^\d+$/.test(text))
    throw new CommandError(
      `error parsing ${which} port '${text}': strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
    );
  const port = Number(text);
  if (port > 65_535)
    throw new CommandError(
      `error parsing ${which} port '${text}': strconv.ParseUint: parsing ${JSON.stringify(text)}: value out of range`,
    );
  if (which === 'remote' && port === 0) throw new CommandError('remote port must be > 0');
  return port;
}

function podPort(remote: string, { metadata, spec }: Pod): string | number {
  if (/^\d+$/.test(remote)) return remote;
  for (const { ports = [] } of [...spec.containers, ...(spec.initContainers ?? [])]) {
    const found = ports.find(({ name }) => name === remote);
    if (found) return found.containerPort;
  }
  throw new CommandError(`Pod '${metadata.name}' does not have a named port '${remote}'`);
}

function servicePort(remote: string, { metadata, spec }: Service, pod: Pod): string | number {
  const isNumber = /^\d+$/.test(remote);
  const port = (spec.ports ?? []).find((one) =>
    isNumber ? one.port === Number(remote) : one.name === remote,
  );
  if (port === undefined)
    throw new CommandError(
      isNumber
        ? `Service ${metadata.name} does not have a service port ${remote}`
        : `Service '${metadata.name}' does not have a named port '${remote}'`,
    );
  if (spec.clusterIP === 'None') return port.port;
  return podPort(String(port.targetPort ?? port.port), pod);
}

/** A pod's ports on this machine, until it is interrupted or the pod is gone. */
class Session {
  readonly #invocation: Invocation;
  readonly #pod: Pod;
  /** Lines that wait to be printed: connections come in the middle of other programs' work. */
  #lines: { readonly text: string; readonly isError: boolean }[] = [];
  #isLost = false;
  #wake = () => {};

  constructor(invocation: Invocation, pod: Pod) {
    this.#invocation = invocation;
    this.#pod = pod;
  }

  async run(forwards: readonly Forward[]): Promise<void> {
    const { process } = this.#invocation;
    const streams = await this.#connect();
    const bound: number[] = [];
    const ports = process.network?.ports;
    try {
      for (const forward of forwards) {
        const local = ports?.listen(forward.local, this.#listener(forward)) ?? null;
        if (local === null) await this.#complain(forward);
        else bound.push(await this.#announce(local, forward));
      }
      if (bound.length === 0) {
        const list = forwards.map(({ local, remote }) => `{${local} ${remote}}`).join(' ');
        throw new CommandError(`unable to listen on any of the requested ports: [${list}]`);
      }
      for (;;) {
        await this.#print();
        if (this.#isLost) throw new CommandError('lost connection to pod');
        if (this.#lines.length === 0) await process.wait<void>((resolve) => this.#waitFor(resolve));
      }
    } finally {
      for (const port of bound) ports?.close(port);
      for (const stream of streams) stream.close();
    }
  }

  #waitFor(resolve: () => void): () => void {
    this.#wake = resolve;
    return () => {
      this.#wake = () => {};
    };
  }

  /** Asks the server for the connection, and follows the pod that is at its other end. */
  async #connect(): Promise<ApiStream[]> {
    const { client } = this.#invocation;
    const pods = (await this.#invocation.mapper()).get('', 'pods');
    const { name, namespace = '', resourceVersion } = this.#pod.metadata;
    const path = pathOf(pods, namespace, name, 'portforward');
    const forward = await client.send({ method: 'POST', path });
    const query = { watch: 'true', resourceVersion, fieldSelector: `metadata.name=${name}` };
    const watch = await client.send({ method: 'GET', path: pathOf(pods, namespace), query });
    watch.stream?.open(
      (batch) => {
        for (const item of batch) this.#see(item as { readonly type: string; readonly object: Pod });
      },
      () => {},
    );
    return [forward, watch].flatMap(({ stream }) => (stream === undefined ? [] : [stream]));
  }

  #see({ type, object }: { readonly type: string; readonly object: Pod }): void {
    const hasEnded = type === 'DELETED' || ['Succeeded', 'Failed'].includes(object.status?.phase ?? '');
    if (!hasEnded || object.metadata.uid !== this.#pod.metadata.uid) return;
    this.#isLost = true;
    this.#wake();
  }

  #say(text: string, isError = false): void {
    this.#lines.push({ text, isError });
    this.#wake();
  }

  async #print(): Promise<void> {
    const lines = this.#lines;
    this.#lines = [];
    for (const { text, isError } of lines)
      await (isError ? this.#invocation.err(text) : this.#invocation.out(text));
  }

  async #announce(local: number, { remote }: Forward): Promise<number> {
    const addresses = this.#invocation.flags.list('address');
    for (const address of addresses.flatMap((one) => (one === 'localhost' ? ['127.0.0.1', '[::1]'] : [one])))
      await this.#invocation.out(`Forwarding from ${address}:${local} -> ${remote}\n`);
    return local;
  }

  async #complain({ local }: Forward): Promise<void> {
    const each = [`tcp4 127.0.0.1:${local}`, `tcp6 [::1]:${local}`].map(
      (where) => `unable to create listener: Error listen ${where}: bind: address already in use`,
    );
    await this.#invocation.err(
      `Unable to listen on port ${local}: Listeners failed to create with the following errors: [${each.join(' ')}]\n`,
    );
  }

  /** What listens here hands each connection on to what listens in the pod. */
  #listener(forward: Forward): Listener {
    const inside = () => this.#inside(forward);
    return {
      isSteady: false,
      http: (request) => {
        const found = inside();
        if (found?.listener.http === undefined) return { response: noAnswer, latencyMs: 0 };
        const { clientAddress: _, ...rest } = request;
        const { response, latencyMs } = found.listener.http({ ...rest, clientAddress: '127.0.0.1' });
        return { response, latencyMs: latencyMs + found.latencyMs };
      },
      converse: (line, client) => inside()?.listener.converse?.(line, client) ?? null,
    };
  }

  #inside({ local, remote }: Forward) {
    const { process } = this.#invocation;
    const { uid } = this.#pod.metadata;
    this.#say(`Handling connection for ${local}\n`);
    const connection = process.network!.connect(this.#pod.status.podIP ?? '', remote);
    if (connection.outcome === 'open') return connection;
    const why = `an error occurred forwarding ${local} -> ${remote}: error forwarding port ${remote} to pod ${uid}, uid : failed to execute portforward in network namespace "/var/run/netns/cni-${uid}": failed to connect to localhost:${remote} inside namespace "${uid}", IPv4: dial tcp4 127.0.0.1:${remote}: connect: connection refused IPv6 dial tcp6: address localhost: no suitable address found `;
    const line = `"Unhandled Error" err=${JSON.stringify(why)}`;
    this.#say(klogLine(process, 'E', 'portforward.go:424', line), true);
    this.#isLost = true;
    return null;
  }
}

const noAnswer: HttpResponse = { status: 0, headers: {}, body: '' };
