// Upstream: pkg/volume/csi/nodeinfomanager/nodeinfomanager.go, kubernetes-csi/node-driver-registrar
import type { Node } from '#generated/types/core.v1.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { csiNodes } from '#kubernetes/api/storage/csiNode.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { DriverContext } from './driver.ts';

const workers = 1;
/** Disks that one machine takes. */
const disksMax = 25;

/** Tells of each node that `driver` serves it, and where it is by which of its labels. */
export function startRegistrar(
  { simulation, client, informers }: DriverContext,
  driver: string,
  topologyKey: string,
): void {
  const cache = informers.of(nodes);
  const queue = new WorkQueue({ simulation, client, workers, reconcile });
  cache.onChange((now, before) => {
    if (now !== undefined && now.metadata.uid !== before?.metadata.uid) queue.add(now.metadata.name);
  });

  function reconcile(name: string): void {
    const node = cache.get(name);
    if (node === undefined) return;
    try {
      client.create(csiNodes, { metadata: { name, ownerReferences: [ownerOf(node)] }, spec: specOf(node) });
    } catch (error) {
      if (!isStatus(error, 'AlreadyExists')) throw error;
    }
  }

  function specOf({ metadata: { name, labels } }: Node) {
    const topologyKeys = labels?.[topologyKey] === undefined ? undefined : [topologyKey];
    const known = { name: driver, nodeID: name, allocatable: { count: disksMax } };
    return { drivers: [{ ...known, ...(topologyKeys && { topologyKeys }) }] };
  }
}

function ownerOf({ metadata: { name, uid } }: Node) {
  return { apiVersion: 'v1', kind: 'Node', name, uid };
}
