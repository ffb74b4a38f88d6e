// Upstream: pkg/scheduler/framework/plugins/nodevolumelimits/csi.go
import type { Pod } from '#generated/types/core.v1.ts';
import type { CSINode } from '#generated/types/storage.v1.ts';
import { classNameOf } from '#kubernetes/api/volumeBinding.ts';
import { type Plugin, rejection } from '../framework.ts';
import type { NodeInfo } from '../nodeInfo.ts';
import { claimedBy, type VolumeListers } from '../volumeListers.ts';

const name = 'NodeVolumeLimits';
const refusal = rejection(name, 'node(s) exceed max volume count', true);

/** A volume of a CSI driver, as nodes count them. */
interface Attached {
  readonly driver: string;
  readonly handle: string;
}

/** A node takes no more volumes of a CSI driver than the driver says in the CSINode. */
export function nodeVolumeLimits(listers: VolumeListers): Plugin {
  function attachedBy(pod: Pod): Attached[] {
    return claimedBy(pod).flatMap((claimed) => {
      const claim = listers.claimOf(pod, claimed.name);
      if (claim === undefined) return [];
      const { volumeName } = claim.spec;
      const csi = volumeName ? listers.volumes.get(volumeName)?.spec.csi : undefined;
      if (csi !== undefined) return [{ driver: csi.driver, handle: csi.volumeHandle }];
      if (volumeName && listers.volumes.get(volumeName) !== undefined) return [];
      // What is not there yet will count as one of its class's driver.
      const driver = listers.classes.get(classNameOf(claim))?.provisioner;
      const handle = `${pod.metadata.namespace ?? ''}/${claimed.name}`;
      return driver === undefined ? [] : [{ driver, handle }];
    });
  }

  function limitsOf(node: NodeInfo): ReadonlyMap<string, number> {
    const drivers = listers.nodes.get(node.name)?.spec.drivers ?? [];
    return new Map(
      drivers.flatMap(({ name: driver, allocatable }) =>
        allocatable?.count === undefined ? [] : [[driver, allocatable.count] as const],
      ),
    );
  }

  return {
    name,
    reads: 'cluster',
    preFilter(pod) {
      const wanted = attachedBy(pod);
      if (wanted.length === 0) return null;
      return {
        filter(node) {
          const limits = limitsOf(node);
          if (!wanted.some(({ driver }) => limits.has(driver))) return null;
          const present = new Map<string, Set<string>>();
          for (const other of node.pods.values()) add(present, attachedBy(other));
          const before = new Map([...present].map(([driver, handles]) => [driver, handles.size]));
          add(present, wanted);
          for (const [driver, handles] of present) {
            const isMore = handles.size > (before.get(driver) ?? 0);
            if (isMore && handles.size > (limits.get(driver) ?? Infinity)) return refusal;
          }
          return null;
        },
      };
    },
    hints: {
      CsiNodeAdd: () => true,
      CsiNodeUpdate(_pod, before, now) {
        const counts = (node: CSINode) =>
          new Map(node.spec.drivers.map((driver) => [driver.name, driver.allocatable?.count ?? Infinity]));
        const old = counts(before as CSINode);
        return [...counts(now as CSINode)].some(([driver, count]) => count > (old.get(driver) ?? 0));
      },
      AssignedPodDelete: (_pod, before) => attachedBy(before as Pod).length > 0,
      ClaimAdd: () => true,
      VolumeUpdate: () => true,
      AttachmentDelete: () => true,
    },
  };
}

function add(to: Map<string, Set<string>>, volumes: readonly Attached[]): void {
  for (const { driver, handle } of volumes) {
    const handles = to.get(driver);
    if (handles === undefined) to.set(driver, new Set([handle]));
    else handles.add(handle);
  }
}
