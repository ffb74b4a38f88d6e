import { defineImage } from './image.ts';
import { busyboxTools } from './tools.ts';

/** The shell and tools in one small binary. */
export const busybox = defineImage({
  name: 'busybox',
  tags: ['latest', '1.37', '1.36', '1.35', '1.34', '1.31', '1.28', 'stable', 'musl', 'glibc', 'uclibc'],
  sizeBytes: 2_223_685,
  command: ['sh'],
  programs: busyboxTools,
  files: { '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n' },
});
