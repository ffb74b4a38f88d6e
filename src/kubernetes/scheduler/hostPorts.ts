// Upstream: kube-scheduler/framework/types.go HostPortInfo
import type { PodSpec } from '#generated/types/core.v1.ts';
import { isSidecar } from '#kubernetes/api/podStatus.ts';

export interface HostPort {
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

const anyAddress = '0.0.0.0';
const none: readonly HostPort[] = [];
const remembered = new WeakMap<PodSpec['containers'], readonly HostPort[]>();

/** The ports of the node that a pod's containers and sidecars claim. Remembered for the pods of one template. */
export function hostPortsOf(spec: PodSpec): readonly HostPort[] {
  const sidecars = (spec.initContainers ?? []).filter(isSidecar);
  if (sidecars.length > 0) return read([...spec.containers, ...sidecars]);
  let ports = remembered.get(spec.containers);
  if (ports === undefined) {
    ports = read(spec.containers);
    remembered.set(spec.containers, ports);
  }
  return ports;
}

function read(containers: PodSpec['containers']): readonly HostPort[] {
  const ports = containers.flatMap((container) =>
    (container.ports ?? [])
      .filter(({ hostPort }) => (hostPort ?? 0) > 0)
      .map(({ hostIP, protocol, hostPort }) => ({
        ip: hostIP || anyAddress,
        protocol: protocol || 'TCP',
        port: hostPort!,
      })),
  );
  return ports.length === 0 ? none : ports;
}

/** Which ports of one node are taken, and how often (pods that were bound by hand may clash). */
export class HostPorts {
  readonly #taken = new Map<string, Map<string, number>>();

  add(ports: readonly HostPort[]): void {
    for (const { ip, protocol, port } of ports) {
      const key = `${protocol}/${port}`;
      let addresses = this.#taken.get(key);
      if (addresses === undefined) this.#taken.set(key, (addresses = new Map()));
      addresses.set(ip, (addresses.get(ip) ?? 0) + 1);
    }
  }

  remove(ports: readonly HostPort[]): void {
    for (const { ip, protocol, port } of ports) {
      const key = `${protocol}/${port}`;
      const addresses = this.#taken.get(key);
      const left = (addresses?.get(ip) ?? 1) - 1;
      if (left > 0) addresses?.set(ip, left);
      else addresses?.delete(ip);
      if (addresses?.size === 0) this.#taken.delete(key);
    }
  }

  copyTo(other: HostPorts): void {
    for (const [key, addresses] of this.#taken) other.#taken.set(key, new Map(addresses));
  }

  /** True when another pod has that port, on the same address or where either claims all addresses. */
  conflicts({ ip, protocol, port }: HostPort): boolean {
    const addresses = this.#taken.get(`${protocol}/${port}`);
    if (addresses === undefined) return false;
    return ip === anyAddress || addresses.has(ip) || addresses.has(anyAddress);
  }
}
