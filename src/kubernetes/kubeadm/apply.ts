// Upstream: cmd/kubeadm/app/cmd/upgrade/apply.go, cmd/kubeadm/app/cmd/phases/upgrade/apply
import type { Process } from '#world/machine/program.ts';
import { applyAddons } from './addons.ts';
import { configuredVersion, kubeletVersions, serverVersion } from './cluster.ts';
import type { CommandLine } from './commandLine.ts';
import { Failure } from './failure.ts';
import { checkHealth } from './health.ts';
import type { Host } from './host.ts';
import { writeKubeletConfig } from './kubeletConfig.ts';
import { type Print, printConfigSource, printerOf } from './printer.ts';
import { pullImages } from './pullImages.ts';
import { upgradeStaticPods } from './staticPodUpgrade.ts';
import { uploadConfig } from './uploadConfig.ts';
import { numbersOf, versionErrors } from './versions.ts';

const inPreflight = (message: string) => new Failure(`error execution phase preflight: ${message}`);

/** `kubeadm upgrade apply VERSION`: upgrades the control plane of the first node. */
export async function apply(process: Process, host: Host, { words, flags }: CommandLine): Promise<void> {
  const [word] = words;
  if (word === undefined)
    throw new Failure('missing one or more required arguments. Required arguments: [version]');
  const version = word.startsWith('v') ? word : `v${word}`;
  if (numbersOf(version) === null)
    throw new Failure(
      `version ${JSON.stringify(word)} doesn't match patterns for neither semantic version nor labels (stable, latest, ...)`,
    );
  const { client } = host;
  const print = printerOf(process);
  configuredVersion(client);
  await printConfigSource(print, 'upgrade');
  await print('[upgrade/preflight] Running preflight checks');
  await print('[upgrade] Running cluster health checks');
  checkHealth(process, client, 'preflight');
  const isForced = flags.get('force') === 'true';
  await enforceVersions(print, host, version, isForced);
  if (flags.get('dry-run') === 'true')
    throw new Failure('--dry-run is not simulated: `kubeadm upgrade plan` shows what would change');
  if (!isForced && flags.get('yes') !== 'true') await confirm(process);
  await pullImages(process, host, version, 'preflight');
  await print(
    `[upgrade/control-plane] Upgrading your static Pod-hosted control plane to version ${JSON.stringify(version)} (timeout: 5m0s)...`,
  );
  await upgradeStaticPods(process, host, version);
  await print('[upgrade/control-plane] The control plane instance for this node was successfully upgraded!');
  await uploadConfig(print, client, version);
  await print('[upgrade/kubeconfig] The kubeconfig files for this node were successfully upgraded!');
  await writeKubeletConfig(process, host);
  for (const line of bootstrapTokenLines) await print(line);
  await applyAddons(print, host, version);
  await print('');
  await print(
    `[upgrade] SUCCESS! A control plane node of your cluster was upgraded to ${JSON.stringify(version)}.\n`,
  );
  await print(
    '[upgrade] Now please proceed with upgrading the rest of the nodes by following the right order.',
  );
}

async function enforceVersions(print: Print, host: Host, wanted: string, isForced: boolean): Promise<void> {
  const cluster = serverVersion(host.client);
  const kubeadm = host.version();
  await print(
    `[upgrade/preflight] You have chosen to upgrade the cluster version to ${JSON.stringify(wanted)}`,
  );
  await print(`[upgrade/versions] Cluster version: ${cluster}`);
  await print(`[upgrade/versions] kubeadm version: ${kubeadm}`);
  const kubelets = kubeletVersions(host.client).map(([, version]) => version);
  const { mandatory, skippable } = versionErrors({ wanted, cluster, kubeadm, kubelets });
  const list = (errors: readonly string[]) => errors.map((error) => `\t- ${error}\n`).join('');
  if (mandatory.length > 0)
    throw inPreflight(
      `the version argument is invalid due to these fatal errors:\n\n${list(mandatory)}\nPlease fix the misalignments highlighted above and try upgrading again`,
    );
  if (skippable.length === 0) return;
  if (!isForced)
    throw inPreflight(
      `the version argument is invalid due to these errors:\n\n${list(skippable)}\nCan be bypassed if you pass the --force flag`,
    );
  await print(
    `[upgrade/preflight] Found ${skippable.length} potential version compatibility errors but skipping since the --force flag is set: \n\n${list(skippable).trimEnd()}`,
  );
}

async function confirm(process: Process): Promise<void> {
  await process.stdout.write('[upgrade] Are you sure you want to proceed? [y/N]: ');
  const answer = ((await process.stdin.readLine()) ?? '').trim();
  if (!/^y$/i.test(answer))
    throw inPreflight("won't proceed; the user didn't answer (Y|y) in order to continue");
}

const bootstrapTokenLines = [
  '[upgrade/bootstrap-token] Configuring bootstrap token and cluster-info RBAC rules',
  '[bootstrap-token] Configured RBAC rules to allow Node Bootstrap tokens to get nodes',
  '[bootstrap-token] Configured RBAC rules to allow Node Bootstrap tokens to post CSRs in order for nodes to get long term certificate credentials',
  '[bootstrap-token] Configured RBAC rules to allow the csrapprover controller automatically approve CSRs from a Node Bootstrap Token',
  '[bootstrap-token] Configured RBAC rules to allow certificate rotation for all node client certificates in the cluster',
  '[bootstrap-token] Configured RBAC rules to allow the API server kubelet client certificate to access the kubelet API',
];
