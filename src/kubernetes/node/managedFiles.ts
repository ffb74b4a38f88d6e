// Upstream: pkg/kubelet/kubelet_pods.go ensureHostsFile, managedHostsFileContent, hostsEntriesFromHostAliases
import type { Container, Pod } from '#generated/types/core.v1.ts';
import type { FileSystem } from '#world/machine/fileSystem.ts';
import { formatResolverConfig } from '#world/network/dns.ts';
import type { NetworkStack } from '#world/network/networkStack.ts';
import { writeProc } from './securityContext.ts';
import { clusterDomain } from './podNetworkStack.ts';

/** The same on every machine. */
export const nodeHosts = '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n';

const managedHead = `# Kubernetes-managed hosts file.
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::\tip6-localnet
fe00::\tip6-mcastprefix
fe00::1\tip6-allnodes
fe00::2\tip6-allrouters
`;

/** What the kubelet keeps in `/etc` of every container, unless a volume is mounted there. */
export function furnish(
  pod: Pod,
  container: Container,
  files: FileSystem,
  stack: NetworkStack,
  hostname: string,
): void {
  const { volumeMounts = [] } = container;
  writeProc(pod, container, files);
  const managed = {
    '/etc/resolv.conf': () => formatResolverConfig(stack.resolver),
    '/etc/hostname': () => `${hostname}\n`,
    '/etc/hosts': () => hostsFile(pod, stack.address, hostname),
  };
  for (const [path, text] of Object.entries(managed))
    if (!volumeMounts.some(({ mountPath }) => mountPath === path)) files.write(path, text());
  stack.hostsFile = () => (files.status('/etc/hosts')?.type === 'file' ? files.read('/etc/hosts') : '');
}

function hostsFile({ metadata, spec }: Pod, address: string, hostname: string): string {
  const { hostNetwork, hostAliases = [], subdomain } = spec;
  const short = hostname.split('.')[0]!;
  const domain = subdomain ? `${short}.${subdomain}.${metadata.namespace}.svc.${clusterDomain}\t` : '';
  const own = hostNetwork
    ? `# Kubernetes-managed hosts file (host network).\n${nodeHosts}`
    : `${managedHead}${address}\t${domain}${short}\n`;
  if (hostAliases.length === 0) return own;
  const entries = hostAliases.map(({ ip, hostnames = [] }) => [ip, ...hostnames].join('\t'));
  return `${own}\n# Entries added by HostAliases.\n${entries.join('\n')}\n`;
}
