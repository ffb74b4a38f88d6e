import type { KubeObject } from '#kubernetes/api/object.ts';
import { Snapshots } from '#kubernetes/etcd/snapshots.ts';
import type { Members } from '#kubernetes/etcd/members.ts';
import { etcdTools } from '#kubernetes/etcdctl/etcdctl.ts';
import { newKubeconfig } from '#kubernetes/kubectl/kubeconfig.ts';
import { toYaml } from '#kubernetes/apimachinery/yamlText.ts';
import type { Kubelet } from '#kubernetes/node/kubelet.ts';
import type { Cluster } from '../cluster.ts';
import { installMembers } from '../etcdMembers.ts';
import { releaseOf } from '../releases.ts';
import { DataDirectories } from './dataDirectory.ts';
import { isolation } from './isolation.ts';
import { manifestDirectory, ManifestDirectory } from './manifestDirectory.ts';

/**
 * Makes files of what the control plane's nodes run on: manifests, certificates, data directories; and etcd's tools.
 * From then on every node runs what is put into its manifest directory.
 */
export function furnishHosts(cluster: Cluster): {
  members: Members;
  addHost(node: string): void;
} {
  const snapshots = new Snapshots<KubeObject>(cluster.etcd);
  const data = new DataDirectories(cluster, snapshots);
  const members = installMembers(cluster, (node, container) => data.open(node, container));
  const { network, nodes } = cluster;
  const nameAt = (address: string) =>
    [...nodes.kubelets.values()].find(({ hostIp }) => hostIp === address)?.name ??
    cluster.controlPlanes[0]!.name;
  const tools = etcdTools({
    etcd: cluster.etcd,
    members,
    snapshots,
    versionOf({ name }) {
      const plane = cluster.controlPlanes.find((one) => one.name === name);
      return (plane?.tags.get('etcd') ?? releaseOf(cluster.version).etcd).replace(/-\d+$/, '');
    },
    isCut: (address, member) => network.isCut(nameAt(address), member.name),
  });
  for (const [name, program] of tools) cluster.etcdTools.set(name, program);
  cluster.isolate = isolation(cluster);
  // Of a worker only once something is in it: there are thousands of workers.
  const directories = new Map<string, ManifestDirectory>();
  const directoryOf = (kubelet: Kubelet) => {
    const known = directories.get(kubelet.name);
    if (known !== undefined) return known;
    const directory = new ManifestDirectory(kubelet);
    directories.set(kubelet.name, directory);
    return directory;
  };
  nodes.fleet.onFileChange = (kubelet, path) => {
    if (path.startsWith(manifestDirectory)) directoryOf(kubelet).changed();
  };
  cluster.manifests = {
    take: (node, name) => directories.get(node)?.take(name),
    put: (node, name) => directories.get(node)?.put(name),
  };
  const addHost = (node: string) => {
    const kubelet = nodes.kubelets.get(node)!;
    const files = kubelet.volumes.hostFiles;
    data.prepare(node);
    directoryOf(kubelet).furnish(cluster.version);
    files.makeDirectory('/etc/kubernetes/pki/etcd', { parents: true });
    for (const name of certificates) files.write(`/etc/kubernetes/pki/${name}`, placeholder(name));
    const config = newKubeconfig(
      'kubernetes',
      cluster.serverUrl,
      'kubernetes-admin',
      cluster.adminCertificate,
    );
    files.write('/etc/kubernetes/admin.conf', toYaml(config));
    // kubeadm leaves this one on the first node only.
    if (node === cluster.controlPlanes[0]!.name)
      files.write(
        '/etc/kubernetes/super-admin.conf',
        toYaml(
          newKubeconfig(
            'kubernetes',
            cluster.serverUrl,
            'kubernetes-super-admin',
            placeholder('super-admin.crt'),
          ),
        ),
      );
    for (const name of ['controller-manager', 'scheduler'])
      files.write(
        `/etc/kubernetes/${name}.conf`,
        toYaml(
          newKubeconfig('kubernetes', cluster.serverUrl, `system:kube-${name}`, placeholder(`${name}.crt`)),
        ),
      );
  };
  addHost(cluster.controlPlanes[0]!.name);
  return { members, addHost };
}

const certificates = [
  'ca.crt',
  'ca.key',
  'apiserver.crt',
  'apiserver.key',
  'apiserver-etcd-client.crt',
  'apiserver-etcd-client.key',
  'apiserver-kubelet-client.crt',
  'apiserver-kubelet-client.key',
  'front-proxy-ca.crt',
  'front-proxy-ca.key',
  'front-proxy-client.crt',
  'front-proxy-client.key',
  'sa.key',
  'sa.pub',
  ...['ca', 'server', 'peer', 'healthcheck-client'].flatMap((name) => [
    `etcd/${name}.crt`,
    `etcd/${name}.key`,
  ]),
];

function placeholder(name: string): string {
  const what = name.endsWith('.key') ? 'PRIVATE KEY' : name.endsWith('.pub') ? 'PUBLIC KEY' : 'CERTIFICATE';
  return `-----BEGIN ${what}-----\n(${name}: Podarium does not simulate what is in it)\n-----END ${what}-----\n`;
}
