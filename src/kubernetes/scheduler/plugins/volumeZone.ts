// Upstream: pkg/scheduler/framework/plugins/volumezone/volume_zone.go
import type { Node, PersistentVolume } from '#generated/types/core.v1.ts';
import { classNameOf, isDelayed } from '#kubernetes/api/volumeBinding.ts';
import { type Plugin, rejection } from '../framework.ts';
import { claimedBy, type VolumeListers } from '../volumeListers.ts';

const name = 'VolumeZone';
const refusal = rejection(name, 'node(s) had no available volume zone');

/** Labels of places, and how they were called once. */
const topologyLabels: Readonly<Record<string, string>> = {
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone': 'failure-domain.beta.kubernetes.io/zone',
  'topology.kubernetes.io/region': 'failure-domain.beta.kubernetes.io/region',
};

interface Place {
  readonly key: string;
  readonly values: ReadonlySet<string>;
}

function placesOf({ metadata }: PersistentVolume): Place[] {
  return Object.keys(topologyLabels).flatMap((key) => {
    const value = metadata.labels?.[key];
    return value === undefined ? [] : [{ key, values: new Set(value.split('__')) }];
  });
}

const hasPlace = ({ metadata }: Node) => Object.keys(topologyLabels).some((key) => metadata.labels?.[key]);

/** Volumes that say by label in which zone they are hold their pods there. */
export function volumeZone(listers: VolumeListers): Plugin {
  return {
    name,
    reads: 'cluster',
    preFilter(pod) {
      const places: Place[] = [];
      for (const claimed of claimedBy(pod)) {
        const claim = listers.claimOf(pod, claimed.name);
        if (claim === undefined) return rejection(name, `persistentvolumeclaim "${claimed.name}" not found`);
        const { volumeName } = claim.spec;
        if (!volumeName) {
          const className = classNameOf(claim);
          if (className === '')
            return rejection(name, 'PersistentVolumeClaim had no pv name and storageClass name');
          const storageClass = listers.classes.get(className);
          if (storageClass === undefined)
            return rejection(name, `storageclass.storage.k8s.io "${className}" not found`);
          if (!isDelayed(storageClass)) return rejection(name, 'PersistentVolume had no name');
          continue;
        }
        const volume = listers.volumes.get(volumeName);
        if (volume === undefined) return rejection(name, `persistentvolume "${volumeName}" not found`);
        places.push(...placesOf(volume));
      }
      if (places.length === 0) return null;
      return {
        filter({ node }) {
          if (node === null || !hasPlace(node)) return null;
          const { labels = {} } = node.metadata;
          const isThere = ({ key, values }: Place) =>
            values.has(labels[key] ?? labels[topologyLabels[key]!] ?? '');
          return places.every(isThere) ? null : refusal;
        },
      };
    },
    hints: {
      ClaimAdd: () => true,
      ClaimUpdate: () => true,
      VolumeAdd: () => true,
      VolumeUpdate: () => true,
      StorageClassAdd: () => true,
      NodeAdd: () => true,
      NodeLabelChange: () => true,
    },
  };
}
