// Upstream: rancher/local-path-provisioner, as kind installs it
import type { PersistentVolume } from '#generated/types/core.v1.ts';
import { requestedSize } from '#kubernetes/api/volumeBinding.ts';
import type { StorageDriver } from './driver.ts';
import { ProvisionError, startProvisioner } from './provisioner.ts';

/** What the class `standard` names. */
export const localPathName = 'rancher.io/local-path';

const directory = '/var/local-path-provisioner';
const selectedNode = 'local.path.provisioner/selected-node';
/** The pod that makes the directory on the node. */
const helperPodMs = 3_000;
const hostname = 'kubernetes.io/hostname';

/** Volumes that are directories of one node: they are lost with it, and hold pods to it. */
export const localPathDriver: StorageDriver = {
  account: 'local-path-provisioner',
  eventSource: `${localPathName}_local-path-provisioner`,
  start(context) {
    startProvisioner(context, {
      provisioner: localPathName,
      provisionMs: helperPodMs,
      provision({ name, claim, node }) {
        const { accessModes = [], selector, volumeMode } = claim.spec;
        if (selector) throw new ProvisionError('claim.Spec.Selector is not supported');
        if (volumeMode === 'Block') throw new ProvisionError('only support Filesystem volume mode');
        if (!accessModes.every((mode) => mode === 'ReadWriteOnce' || mode === 'ReadWriteOncePod'))
          throw new ProvisionError(
            'NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes',
          );
        if (node === undefined) throw new ProvisionError('configuration error, no node was specified');
        const files = context.nodeFiles(node.metadata.name);
        if (files === null) throw new ProvisionError('create process timeout after 120 seconds');
        const path = `${directory}/${name}_${claim.metadata.namespace ?? ''}_${claim.metadata.name}`;
        files.makeDirectory(path, { parents: true });
        files.setAccess(path, { mode: 0o777 });
        const value = node.metadata.labels?.[hostname] ?? node.metadata.name;
        return {
          annotations: { [selectedNode]: node.metadata.name },
          spec: {
            capacity: { storage: requestedSize(claim) },
            hostPath: { path, type: 'DirectoryOrCreate' },
            nodeAffinity: {
              required: {
                nodeSelectorTerms: [
                  { matchExpressions: [{ key: hostname, operator: 'In', values: [value] }] },
                ],
              },
            },
          },
        };
      },
      delete(volume: PersistentVolume) {
        const files = context.nodeFiles(volume.metadata.annotations?.[selectedNode] ?? '');
        const path = volume.spec.hostPath?.path;
        if (files === null || path === undefined) return false;
        if (files.status(path) !== null) files.remove(path, { recursive: true });
        return true;
      },
    });
  },
};
