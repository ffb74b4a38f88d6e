// Upstream: test/images/jessie-dnsutils
import { defineImage, mb } from './image.ts';
import { and, bindTools, debianTools } from './tools.ts';

/** Debian with the tools that ask nameservers: what upstream's DNS tests and documents use. */
export const jessieDnsutils = defineImage({
  name: 'registry.k8s.io/e2e-test-images/jessie-dnsutils',
  tags: ['1.7', '1.5', '1.4', '1.3'],
  sizeBytes: 42 * mb,
  command: ['sleep', '3600'],
  programs: and(debianTools, bindTools),
  files: { '/etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 8 (jessie)"\nID=debian\n' },
});
