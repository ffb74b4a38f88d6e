// Upstream: cmd/kubeadm/app/cmd/upgrade/node.go, cmd/kubeadm/app/cmd/phases/upgrade/node
import type { Process } from '#world/machine/program.ts';
import { applyAddons } from './addons.ts';
import { configuredVersion } from './cluster.ts';
import { adminFile, type Host } from './host.ts';
import { writeKubeletConfig } from './kubeletConfig.ts';
import { printConfigSource, printerOf } from './printer.ts';
import { pullImages } from './pullImages.ts';
import { upgradeStaticPods } from './staticPodUpgrade.ts';

/** `kubeadm upgrade node`: brings a node, after the first of the control plane, to the version of the cluster. */
export async function upgradeNode(process: Process, host: Host): Promise<void> {
  const print = printerOf(process);
  const isControlPlane = process.files.status(adminFile) !== null;
  const version = configuredVersion(host.client);
  await printConfigSource(print, 'upgrade');
  await print('[upgrade/preflight] Running pre-flight checks');
  if (!isControlPlane) {
    await print('[upgrade/preflight] Skipping prepull. Not a control plane node.');
    await print('[upgrade/control-plane] Skipping phase. Not a control plane node.');
    await print('[upgrade/kubeconfig] Skipping phase. Not a control plane node.');
    await writeKubeletConfig(process, host);
    await print('[upgrade/addon] Skipping the addon/coredns phase. Not a control plane node.');
    await print('[upgrade/addon] Skipping the addon/kube-proxy phase. Not a control plane node.');
    return;
  }
  await pullImages(process, host, version, 'preflight');
  await print(
    `[upgrade/control-plane] Upgrading your Static Pod-hosted control plane instance to version ${JSON.stringify(version)}...`,
  );
  await upgradeStaticPods(process, host, version);
  await print('[upgrade/control-plane] The control plane instance for this node was successfully upgraded!');
  await print('[upgrade/kubeconfig] The kubeconfig files for this node were successfully upgraded!');
  await writeKubeletConfig(process, host);
  await applyAddons(print, host, version);
}
