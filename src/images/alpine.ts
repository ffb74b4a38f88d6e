import { defineImage } from './image.ts';
import { and, busyboxTools, network } from './tools.ts';

const version = '3.22.2';

export const alpine = defineImage({
  name: 'alpine',
  tags: ['latest', '3.22', '3.21', '3.20', '3.19', '3.18', '3'],
  sizeBytes: 3_806_782,
  command: ['/bin/sh'],
  programs: and(busyboxTools, network('getent')),
  files: {
    '/etc/alpine-release': `${version}\n`,
    '/etc/os-release': `NAME="Alpine Linux"\nID=alpine\nVERSION_ID=${version}\nPRETTY_NAME="Alpine Linux v3.22"\n`,
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
  },
});
