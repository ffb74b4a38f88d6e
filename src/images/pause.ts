import { defineImage, defineServer } from './image.ts';

const server = defineServer({ startMs: 0, cpuIdleMillicores: 0, memoryIdleBytes: 262_144, ports: [] });

/** The container that does nothing, and holds a pod's sandbox open. */
export const pause = defineImage({
  name: 'registry.k8s.io/pause',
  tags: ['3.10', '3.9', '3.8', '3.1', 'latest'],
  sizeBytes: 320_368,
  command: ['/pause'],
  serverFor: () => server,
});
