import { defineImage, defineServer, mb, mib } from './image.ts';

const server = defineServer({
  startMs: 600,
  memoryIdleBytes: 18 * mib,
  ports: [],
  startLog: (startedMs) => {
    const time = new Date(startedMs).toISOString();
    const at = `I${time.slice(5, 7)}${time.slice(8, 10)} ${time.slice(11, 23)}000       1`;
    return [
      `${at} main.go:169] "Version" version="v8.2.0"`,
      `${at} snapshot_controller_base.go:255] "Starting snapshot controller"`,
      '',
    ].join('\n');
  },
});

/** SIG Storage's controller of VolumeSnapshots: while a pod runs it, the cluster's snapshots are bound to their contents. */
export const snapshotController = defineImage({
  name: 'registry.k8s.io/sig-storage/snapshot-controller',
  tags: ['v8.2.0', 'v8.1.0', 'v8.0.1', 'v7.0.2', 'v6.3.4'],
  sizeBytes: 31 * mb,
  entrypoint: ['/snapshot-controller'],
  serverFor: (args) => (args[0]?.endsWith('snapshot-controller') === true ? server : undefined),
});
