// Upstream: pkg/controller/nodeipam/ipam/range_allocator.go
import type { Node } from '#generated/types/core.v1.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Controller } from '../controller.ts';

/** Upstream: cidrUpdateWorkers. */
const workers = 30;
/** The cluster's pod network, from 10.244.0.0 to the end of 10/8, cut into ranges of 256 addresses. */
const firstRange = (10 << 16) | (244 << 8);
const rangeCount = 12 * 256;

/** Gives every node that brings none its range of pod addresses. */
export const nodeIpamController: Controller = {
  name: 'node-ipam-controller',
  account: 'node-controller',
  eventSource: 'cidrAllocator',
  start({ simulation, client, informers, recorder }) {
    const cache = informers.of(nodes);
    const ranges = new Map<string, string>();
    const taken = new Set<string>();
    /** No range before this one is free. */
    let firstFree = 0;
    const queue = new WorkQueue({ simulation, client, workers, reconcile: syncNode });
    cache.onChange((now, before) => {
      const { name } = (now ?? before!).metadata;
      if (now === undefined) release(name);
      else if (now.spec.podCIDR) hold(name, now.spec.podCIDR);
      else queue.add(name);
    });

    function hold(name: string, range: string): void {
      ranges.set(name, range);
      taken.add(range);
    }

    function release(name: string): void {
      taken.delete(ranges.get(name) ?? '');
      ranges.delete(name);
      firstFree = 0;
    }

    function syncNode(name: string): void {
      const node = cache.get(name);
      if (node === undefined || node.spec.podCIDR) return;
      const podCIDR = ranges.get(name) ?? freeRange();
      if (podCIDR === undefined) return tellThatNoneIsFree(node);
      hold(name, podCIDR);
      const body = { metadata: { uid: node.metadata.uid }, spec: { podCIDR, podCIDRs: [podCIDR] } };
      client.patch(nodes, '', name, { type: 'merge', body });
      return undefined;
    }

    function tellThatNoneIsFree(node: Node): void {
      const message = `Node ${node.metadata.name} status is now: CIDRNotAvailable`;
      recorder.event(node, 'Normal', 'CIDRNotAvailable', message);
    }
    function freeRange(): string | undefined {
      while (firstFree < rangeCount && taken.has(rangeText(firstFree))) firstFree++;
      return firstFree === rangeCount ? undefined : rangeText(firstFree);
    }
    return () => queue.stop();
  },
};

function rangeText(index: number): string {
  const range = firstRange + index;
  return `${range >> 16}.${(range >> 8) & 255}.${range & 255}.0/24`;
}
