// Upstream: cmd/kubeadm/app/phases/upgrade/postupgrade.go WriteKubeletConfigFiles
import { configMaps } from '#kubernetes/api/core/configMap.ts';
import { klogHeader } from '#kubernetes/apimachinery/klog.ts';
import type { Process } from '#world/machine/program.ts';
import { systemNamespace } from './cluster.ts';
import { type Host, temporaryDirectory } from './host.ts';
import { printerOf } from './printer.ts';
import { stampOf } from './staticPodUpgrade.ts';

const directory = '/var/lib/kubelet';

/** Writes the configuration that the cluster keeps for its kubelets to the node. */
export async function writeKubeletConfig(process: Process, { client }: Host): Promise<void> {
  const { files, simulation } = process;
  const print = printerOf(process);
  const backup = `${temporaryDirectory}/kubeadm-kubelet-config-${stampOf(simulation.nowMs)}`;
  const { data } = client.get(configMaps, systemNamespace, 'kubelet-config');
  files.makeDirectory(backup, { parents: true });
  files.makeDirectory(directory, { parents: true });
  const path = `${directory}/config.yaml`;
  await process.stderr.write(
    `${klogHeader('W', simulation.nowMs, process.id, 'postupgrade.go:105')}Using temporary directory ${backup} for kubelet config. To override it set the environment variable KUBEADM_UPGRADE_DRYRUN_DIR\n`,
  );
  await print(`[upgrade] Backing up kubelet config file to ${backup}/config.yaml`);
  if (files.status(path) !== null) files.write(`${backup}/config.yaml`, files.read(path));
  await print(
    '[patches] Applied patch of type "application/strategic-merge-patch+json" to target "kubeletconfiguration"',
  );
  await print(`[kubelet-start] Writing kubelet configuration to file ${JSON.stringify(path)}`);
  files.write(path, data?.['kubelet'] ?? '');
  await print('[upgrade/kubelet-config] The kubelet configuration for this node was successfully upgraded!');
}
