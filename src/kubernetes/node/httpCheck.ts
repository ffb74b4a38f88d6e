// Upstream: pkg/probe/{http,tcp}, pkg/kubelet/util/ioutils; net/http's error sentences
import type { Container as ContainerSpec, HTTPGetAction, TCPSocketAction } from '#generated/types/core.v1.ts';
import type { Host, Listener, Network } from '#world/network/network.ts';

/** What a kubelet's own look at a port found: null when all is well, else the sentence. */
export interface Check {
  readonly failure: string | null;
  /** The same look will find the same until somebody interferes. */
  readonly isSteady: boolean;
}

/** The number behind a port that may be named; 0 when no such port is declared. */
export function portNumber(port: string | number, { ports = [] }: ContainerSpec): number {
  if (typeof port === 'number') return port;
  if (/^\d+$/.test(port)) return Number(port);
  return ports.find(({ name }) => name === port)?.containerPort ?? 0;
}

/** A pod that is looked at, with its address. */
type CheckedPod = Host & { readonly address: string };

/** What listens on a port of the pod, or of another host when the action names one. */
function listenerOf(
  host: string | undefined,
  port: number,
  pod: CheckedPod,
  network: Network,
): Listener | undefined {
  if (!host || host === pod.address) return pod.listenerAt(port, 'TCP');
  const found = network.hostAt(host)?.listenerAt(port, 'TCP');
  // Who disturbs the other is not heard of here.
  return found && { ...found, isSteady: false };
}

export function checkHttp(
  action: HTTPGetAction,
  spec: ContainerSpec,
  pod: CheckedPod,
  network: Network,
  timeoutMs: number,
): Check {
  const { address } = pod;
  const port = portNumber(action.port, spec);
  const name = action.host || address;
  const scheme = (action.scheme ?? 'HTTP').toLowerCase();
  const path = `/${(action.path ?? '/').replace(/^\/+/, '')}`;
  const url = `${scheme}://${name}:${port}${path}`;
  const listener = listenerOf(action.host, port, pod, network);
  if (listener === undefined) {
    return {
      failure: `Get "${url}": dial tcp ${name}:${port}: connect: connection refused`,
      isSteady: false,
    };
  }
  if (listener.http === undefined) {
    return {
      failure: `Get "${url}": net/http: HTTP/1.x transport connection broken: malformed HTTP response`,
      isSteady: false,
    };
  }
  const headers: Record<string, string> = { 'user-agent': 'kube-probe/1.36', accept: '*/*' };
  for (const header of action.httpHeaders ?? []) headers[header.name.toLowerCase()] = header.value;
  const { response, latencyMs } = listener.http({
    method: 'GET',
    path,
    headers,
    body: '',
    clientAddress: address,
  });
  if (latencyMs > timeoutMs) {
    const failure = `Get "${url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`;
    return { failure, isSteady: false };
  }
  const isGood = response.status >= 200 && response.status < 400;
  const failure = isGood ? null : `HTTP probe failed with statuscode: ${response.status}`;
  return { failure, isSteady: listener.isSteady };
}

export function checkTcp(
  { port, host }: TCPSocketAction,
  spec: ContainerSpec,
  pod: CheckedPod,
  network: Network,
): Check {
  const number = portNumber(port, spec);
  const listener = listenerOf(host, number, pod, network);
  if (listener !== undefined) return { failure: null, isSteady: listener.isSteady };
  return {
    failure: `dial tcp ${host || pod.address}:${number}: connect: connection refused`,
    isSteady: false,
  };
}
