// Upstream: pkg/registry/core/{pod/strategy.go,service/storage/storage.go} ResourceLocation, apimachinery/pkg/util/net/port_split.go
import { endpoints } from '#kubernetes/api/core/endpoints.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { services } from '#kubernetes/api/core/service.ts';
import { badRequest, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { Client } from '#kubernetes/client/client.ts';
import type { Simulation } from '#sim/simulation.ts';

/** Where a proxied request goes. */
export interface ProxyLocation {
  readonly address: string;
  readonly port: number;
}

interface Named {
  readonly name: string;
  readonly port: string;
  readonly isSecure: boolean;
}

/** `NAME`, `NAME:PORT` or `SCHEME:NAME:PORT`; null for anything else. */
function readName(text: string): Named | null {
  const parts = text.split(':');
  if (parts.length > 3) return null;
  const [scheme, name, port] = parts.length === 3 ? parts : ['', ...parts];
  if (!name || !['', 'http', 'https'].includes(scheme!)) return null;
  return { name, port: port ?? '', isSecure: scheme === 'https' };
}

/** A pod's own address, at the port that is named by its number, or else at the first that it declares. */
export function podLocation(client: Client) {
  return (namespace: string, text: string): ProxyLocation => {
    const named = readName(text);
    if (named === null) throw badRequest(`invalid pod request ${JSON.stringify(text)}`);
    const { spec, status } = client.get(pods, namespace, named.name);
    if (!status.podIP) throw badRequest('address not allowed');
    const declared = spec.containers.flatMap(({ ports = [] }) => ports)[0]?.containerPort;
    const port = named.port === '' ? (declared ?? (named.isSecure ? 443 : 80)) : Number(named.port);
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      throw unavailable(`error trying to reach service: dial tcp: lookup tcp/${named.port}: unknown port`);
    return { address: status.podIP, port };
  };
}

/** One of a service's ready endpoints, at the port that is named, or has that number in the service. */
export function serviceLocation(client: Client, simulation: Simulation) {
  return (namespace: string, text: string): ProxyLocation => {
    const named = readName(text);
    if (named === null) throw badRequest(`invalid service request ${JSON.stringify(text)}`);
    const { name } = named;
    const portName = /^\d+$/.test(named.port)
      ? nameOfPort(client, namespace, name, Number(named.port))
      : named.port;
    const { subsets = [] } = client.get(endpoints, namespace, name);
    if (subsets.length === 0) throw unavailable(`no endpoints available for service ${JSON.stringify(name)}`);
    const found = subsets.flatMap(({ addresses = [], ports = [] }) => {
      const port = ports.find((entry) => (entry.name ?? '') === portName)?.port;
      return port === undefined ? [] : addresses.map(({ ip }) => ({ address: ip, port }));
    });
    if (found.length === 0) throw unavailable(`no endpoints available for service ${JSON.stringify(text)}`);
    return simulation.random('service-proxy').pick(found);
  };
}

function nameOfPort(client: Client, namespace: string, name: string, number: number): string {
  const { ports = [] } = client.get(services, namespace, name).spec;
  const port = ports.find((entry) => entry.port === number);
  if (port === undefined) {
    throw unavailable(`no service port ${number} found for service ${JSON.stringify(name)}`);
  }
  return port.name ?? '';
}

function unavailable(message: string): StatusError {
  return new StatusError('ServiceUnavailable', message);
}
