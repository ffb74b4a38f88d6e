// Upstream: pkg/probe/{http,tcp}, pkg/kubelet/util/ioutils; net/http's error sentences
import type { Container as ContainerSpec, HTTPGetAction } from '#generated/types/core.v1.ts';
import type { Host } from '#world/network/network.ts';

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

export function checkHttp(
  action: HTTPGetAction,
  spec: ContainerSpec,
  host: Host,
  address: string,
  timeoutMs: number,
): Check {
  const port = portNumber(action.port, spec);
  const name = action.host || address;
  const scheme = (action.scheme ?? 'HTTP').toLowerCase();
  const path = `/${(action.path ?? '/').replace(/^\/+/, '')}`;
  const url = `${scheme}://${name}:${port}${path}`;
  const listener = host.listenerAt(port, 'TCP');
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

export function checkTcp(port: string | number, spec: ContainerSpec, host: Host, address: string): Check {
  const number = portNumber(port, spec);
  const listener = host.listenerAt(number, 'TCP');
  if (listener !== undefined) return { failure: null, isSteady: listener.isSteady };
  return { failure: `dial tcp ${address}:${number}: connect: connection refused`, isSteady: false };
}
