import type { Process } from '#world/machine/program.ts';
import { ask, messageOf } from '../apiAccess.ts';
import type { Balanced } from './addressPools.ts';

/** Between two looks at all Services; it keeps no watch open. */
export const resyncMs = 1_000;
export const servicesPath = '/api/v1/services';
export const poolsPath = '/apis/metallb.io/v1beta1/ipaddresspools';
export const advertisementsPath = '/apis/metallb.io/v1beta1/l2advertisements';

/** What there is at a path; null, with a line in the log, where that cannot be read. */
export async function listOf<T>(
  process: Process,
  component: string,
  path: string,
  accept?: string,
): Promise<readonly T[] | null> {
  const answer = await ask(process, component, 'GET', path, undefined, accept);
  if (answer.status < 400) return (answer.body as { items: readonly T[] }).items;
  await note(process, `{"error":${JSON.stringify(messageOf(answer))},"msg":"failed to list ${path}"}`);
  return null;
}

/** Whether a Service is one that this MetalLB looks after: by its class, where it was told of one. */
export function balancedBy(process: Process, { spec }: Balanced): boolean {
  const flag = process.args.find((arg) => arg.startsWith('--lb-class='))?.slice('--lb-class='.length);
  return spec.type === 'LoadBalancer' && (spec.loadBalancerClass ?? '') === (flag ?? '');
}

/** A line of the log; `fields` is JSON. */
export function note(process: Process, fields: string): Promise<void> {
  const time = new Date(process.simulation.nowMs).toISOString();
  return process.stdout.write(`{"ts":"${time}",${fields.slice(1)}\n`);
}

/** Writes an Event about a Service. */
export async function record(
  process: Process,
  component: string,
  service: Balanced,
  what: { readonly type: string; readonly reason: string; readonly message: string },
): Promise<void> {
  const { name, namespace, uid } = service.metadata;
  const { nowMs } = process.simulation;
  // Upstream: client-go/tools/record: the time in nanoseconds, in hexadecimal.
  const nanoseconds =
    BigInt(Math.floor(nowMs)) * 1_000_000n +
    BigInt(process.simulation.random('metallb-events').below(1_000_000));
  const now = `${new Date(nowMs).toISOString().slice(0, 19)}Z`;
  const written = await ask(process, component, 'POST', `/api/v1/namespaces/${namespace}/events`, {
    metadata: { name: `${name}.${nanoseconds.toString(16)}`, namespace },
    involvedObject: { kind: 'Service', apiVersion: 'v1', namespace, name, uid },
    source: { component },
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
    ...what,
  });
  if (written.status >= 400)
    await note(process, `{"error":${JSON.stringify(messageOf(written))},"msg":"failed to record event"}`);
}
