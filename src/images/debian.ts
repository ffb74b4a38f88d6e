import type { Image } from '#world/machine/image.ts';
import { defineImage, mb } from './image.ts';
import { debianTools } from './tools.ts';

function debianLike(name: string, tags: readonly string[], sizeBytes: number, pretty: string): Image {
  return defineImage({
    name,
    tags: ['latest', ...tags],
    sizeBytes,
    command: ['bash'],
    programs: debianTools,
    files: {
      '/etc/os-release': `PRETTY_NAME="${pretty}"\nID=${name}\n`,
      '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\n',
    },
  });
}

export const debian = debianLike(
  'debian',
  ['13', '12', '11', 'trixie', 'bookworm', 'bullseye', 'stable'],
  49 * mb,
  'Debian GNU/Linux 13 (trixie)',
);
export const ubuntu = debianLike(
  'ubuntu',
  ['24.04', '22.04', '20.04', 'noble', 'jammy'],
  30 * mb,
  'Ubuntu 24.04.3 LTS',
);
/** What the kube-controller-manager recycles volumes with. */
export const debianBase = debianLike(
  'registry.k8s.io/build-image/debian-base',
  ['bookworm-v1.0.4'],
  28 * mb,
  'Debian GNU/Linux 12 (bookworm)',
);
