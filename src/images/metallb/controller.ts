// Upstream: go.universe.tf/metallb/controller/{main,service}.go
import type { Process, Program } from '#world/machine/program.ts';
import { ask, messageOf } from '../apiAccess.ts';
import { addressOf, allocate, type Balanced, type IpAddressPool, nameOf, NoAddress } from './addressPools.ts';
import { balancedBy, listOf, note, poolsPath, record, resyncMs, servicesPath } from './services.ts';

const component = 'metallb-controller';
const poolAnnotation = 'metallb.io/ip-allocated-from-pool';

/** Gives each load balancer an address of the pools, and takes it back when it is none any more. */
export const controller: Program = async (process) => {
  /** What was last said of a Service that gets no address: once is enough. */
  const failures = new Map<string, string>();
  await note(process, `{"msg":"MetalLB controller starting version 0.15.2","op":"startup"}`);
  for (;;) {
    await allocateAll(process, failures);
    await process.sleep(resyncMs);
  }
};

async function allocateAll(process: Process, failures: Map<string, string>): Promise<void> {
  const services = await listOf<Balanced>(process, component, servicesPath);
  const pools = await listOf<IpAddressPool>(process, component, poolsPath);
  if (services === null || pools === null) return;
  const named = pools.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const ours = services.filter((service) => balancedBy(process, service));
  for (const service of services)
    if (service.metadata.annotations?.[poolAnnotation] !== undefined && !ours.includes(service))
      await release(process, service);
  const held = new Map(
    ours.flatMap((service) => (addressOf(service) ? [[addressOf(service)!, service]] : [])),
  );
  for (const service of ours) await converge(process, service, named, held, failures);
}

async function converge(
  process: Process,
  service: Balanced,
  pools: readonly IpAddressPool[],
  held: Map<string, Balanced>,
  failures: Map<string, string>,
): Promise<void> {
  const { uid } = service.metadata;
  const before = addressOf(service);
  const others = new Map([...held].filter(([, owner]) => owner.metadata.uid !== uid));
  try {
    const { address, pool } = allocate(service, pools, others);
    failures.delete(uid);
    if (before === address && service.metadata.annotations?.[poolAnnotation] === pool) return;
    if (!(await write(process, service, address, pool))) return;
    if (before !== undefined) held.delete(before);
    held.set(address, service);
    if (before !== address)
      await record(process, component, service, {
        type: 'Normal',
        reason: 'IPAllocated',
        message: `Assigned IP ["${address}"]`,
      });
  } catch (error) {
    if (!(error instanceof NoAddress)) throw error;
    const why = `Failed to allocate IP for ${JSON.stringify(nameOf(service))}: ${error.message}`;
    if (before !== undefined) await release(process, service);
    if (failures.get(uid) === why) return;
    failures.set(uid, why);
    await record(process, component, service, { type: 'Warning', reason: 'AllocationFailed', message: why });
  }
}

async function write(process: Process, service: Balanced, address: string, pool: string): Promise<boolean> {
  const path = pathOf(service);
  const annotations = { [poolAnnotation]: pool };
  const marked = await ask(process, component, 'PATCH', path, { metadata: { annotations } });
  const status = { loadBalancer: { ingress: [{ ip: address }] } };
  const written = await ask(process, component, 'PATCH', `${path}/status`, { status });
  if (marked.status < 400 && written.status < 400) return true;
  await note(process, `{"error":${JSON.stringify(messageOf(written))},"msg":"failed to update service"}`);
  return false;
}

async function release(process: Process, service: Balanced): Promise<void> {
  const path = pathOf(service);
  const annotations = { [poolAnnotation]: null };
  await ask(process, component, 'PATCH', path, { metadata: { annotations } });
  await ask(process, component, 'PATCH', `${path}/status`, { status: { loadBalancer: { ingress: null } } });
}

const pathOf = ({ metadata }: Balanced) =>
  `/api/v1/namespaces/${metadata.namespace}/services/${metadata.name}`;
