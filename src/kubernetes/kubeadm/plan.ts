// Upstream: cmd/kubeadm/app/cmd/upgrade/plan.go, cmd/kubeadm/app/phases/upgrade/compute.go
import { klogHeader } from '#kubernetes/apimachinery/klog.ts';
import type { Process } from '#world/machine/program.ts';
import { configuredVersion, corednsTag, kubeletVersions, podsOf, tagOf } from './cluster.ts';
import { checkHealth } from './health.ts';
import { controlPlaneComponents, type Host } from './host.ts';
import { printConfigSource, printerOf } from './printer.ts';
import { tabular } from './tabular.ts';
import { compareVersions, minorOf, newestFor } from './versions.ts';

const rule = '_____________________________________________________________________';

const componentConfigs = `
The table below shows the current state of component configs as understood by this version of kubeadm.
Configs that have a "yes" mark in the "MANUAL UPGRADE REQUIRED" column require manual config upgrade or
resetting to kubeadm defaults before a successful upgrade can be performed. The version to manually
upgrade to is denoted in the "PREFERRED VERSION" column.

${tabular([
  ['API GROUP', 'CURRENT VERSION', 'PREFERRED VERSION', 'MANUAL UPGRADE REQUIRED'],
  ['kubeproxy.config.k8s.io', 'v1alpha1', 'v1alpha1', 'no'],
  ['kubelet.config.k8s.io', 'v1beta1', 'v1beta1', 'no'],
])}${rule}
`;

/** `kubeadm upgrade plan`: what the cluster could become. */
export async function plan(process: Process, host: Host): Promise<void> {
  const { client, releases } = host;
  const print = printerOf(process);
  const kubeadm = host.version();
  await print('[preflight] Running pre-flight checks.');
  const cluster = configuredVersion(client);
  await printConfigSource(print, 'upgrade/config');
  await print('[upgrade] Running cluster health checks');
  checkHealth(process, client, 'upgrade/health');
  await print('[upgrade] Fetching available versions to upgrade to');
  await print(`[upgrade/versions] Cluster version: ${cluster.slice(1)}`);
  await print(`[upgrade/versions] kubeadm version: ${kubeadm}`);
  const [{ version: remote }] = releases as [(typeof releases)[number]];
  const target = newestFor(kubeadm, releases);
  if (minorOf(remote) > minorOf(kubeadm))
    await process.stderr.write(
      `${klogHeader('I', process.simulation.nowMs, process.id, 'version.go:260')}remote version is much newer: ${remote}; falling back to: stable-1.${minorOf(kubeadm)}\n`,
    );
  await print(`[upgrade/versions] Target version: ${target.version}`);
  await print(`[upgrade/versions] Latest version in the v1.${minorOf(cluster)} series: ${cluster}`);
  await print('');
  if (compareVersions(cluster, target.version) >= 0) return;
  await printUpgrade(process, host, cluster, target);
  await process.stdout.write(`${componentConfigs}\n`);
}

async function printUpgrade(
  process: Process,
  { client }: Host,
  cluster: string,
  { version, coredns, etcd }: Host['releases'][number],
): Promise<void> {
  const heads = ['COMPONENT', 'NODE', 'CURRENT', 'TARGET'];
  const kubelets = [...kubeletVersions(client)].sort(([, a], [, b]) => compareVersions(a, b));
  const isMixed = new Set(kubelets.map(([, own]) => own)).size > 1;
  const instances = (component: string) =>
    podsOf(client, component).map((pod) => [pod.spec.nodeName ?? '', tagOf(pod.spec.containers[0]!.image)]);
  const rows = [
    ...controlPlaneComponents.flatMap((name) => instances(name).map((cells) => [name, ...cells, version])),
    ['kube-proxy', '', cluster.slice(1), version],
    ['CoreDNS', '', corednsTag(client), coredns],
    ...instances('etcd').map((cells) => ['etcd', ...cells, etcd]),
  ];
  const manual =
    isMixed || kubelets[0]?.[1] !== version
      ? `Components that must be upgraded manually after you have upgraded the control plane with 'kubeadm upgrade apply':\n${tabular([heads, ...kubelets.map((cells) => ['kubelet', ...cells, version])])}\n`
      : '';
  await process.stdout.write(
    `${manual}Upgrade to the latest stable version:\n\n${tabular([heads, ...rows])}\nYou can now apply the upgrade by executing the following command:\n\n\tkubeadm upgrade apply ${version}\n\n${rule}\n\n`,
  );
}
