// Upstream: cmd/kubeadm/app/phases/upgrade/staticpods.go, cmd/kubeadm/app/util/apiclient/wait.go
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { Process } from '#world/machine/program.ts';
import { podsOf } from './cluster.ts';
import { renew } from './certificates.ts';
import { Failure } from './failure.ts';
import { controlPlaneComponents, type Host, manifestDirectory, temporaryDirectory } from './host.ts';
import { type Print, printerOf } from './printer.ts';

/** Upstream: constants.KubernetesAPICallRetryInterval, and the default of timeouts.upgradeManifests. */
const pollMs = 500;
const timeoutMs = 300_000;
const hashAnnotation = 'kubernetes.io/config.hash';

/** What is renewed with a component. Upstream: renewCertsByComponent */
const certificatesOf: Readonly<Record<string, readonly string[]>> = {
  etcd: ['etcd-server', 'etcd-peer', 'etcd-healthcheck-client'],
  'kube-apiserver': ['apiserver', 'apiserver-kubelet-client', 'front-proxy-client', 'apiserver-etcd-client'],
  'kube-controller-manager': ['controller-manager.conf'],
  'kube-scheduler': ['scheduler.conf'],
};

/** `2026-01-05-09-00-00`, as the directories of backups are called. */
export function stampOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replace(/[T:]/g, '-');
}

/**
 * Puts new manifests in the place of the node's static pods, one after the other, and waits until its kubelet runs each.
 * Throws Failure; then the old manifests are back where they were.
 */
export async function upgradeStaticPods(process: Process, host: Host, version: string): Promise<void> {
  const { files, simulation } = process;
  const print = printerOf(process);
  const fresh = `${temporaryDirectory}/kubeadm-upgraded-manifests${simulation.random('kubeadm').below(4_000_000_000)}`;
  const backup = `${temporaryDirectory}/kubeadm-backup-manifests-${stampOf(simulation.nowMs)}`;
  for (const directory of [fresh, backup]) files.makeDirectory(directory, { parents: true });
  await print(`[upgrade/staticpods] Writing new Static Pod manifests to ${JSON.stringify(fresh)}`);
  const components = ['etcd', ...controlPlaneComponents];
  for (const name of components) files.write(`${fresh}/${name}.yaml`, host.manifest(name, version));
  const moved: string[] = [];
  try {
    for (const name of components) {
      moved.push(name);
      await upgradeComponent(process, host, name, { fresh, backup, print });
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    for (const name of moved)
      if (files.status(`${backup}/${name}.yaml`) !== null)
        files.rename(`${backup}/${name}.yaml`, `${manifestDirectory}/${name}.yaml`);
    throw new Failure(
      `error execution phase control-plane: couldn't complete the static pod upgrade: couldn't upgrade control plane. kubeadm has tried to recover everything into the earlier state. Errors faced: ${error.message}`,
    );
  }
  for (const name of ['admin.conf', 'super-admin.conf']) renew(files, name);
  files.remove(fresh, { recursive: true });
}

async function upgradeComponent(
  process: Process,
  host: Host,
  name: string,
  { fresh, backup, print }: { fresh: string; backup: string; print: Print },
): Promise<void> {
  const { files } = process;
  const path = `${manifestDirectory}/${name}.yaml`;
  await print(`[upgrade/staticpods] Preparing for ${JSON.stringify(name)} upgrade`);
  const before = await hashOf(process, host, name, null);
  for (const certificate of certificatesOf[name]!) {
    await print(`[upgrade/staticpods] Renewing ${certificate} certificate`);
    renew(files, certificate);
  }
  if (files.status(path) !== null && files.read(path) === files.read(`${fresh}/${name}.yaml`)) {
    await print(`[upgrade/staticpods] Current and new manifests of ${name} are equal, skipping upgrade`);
    return;
  }
  await print(
    `[upgrade/staticpods] Moving new manifest to ${JSON.stringify(path)} and backing up old manifest to ${JSON.stringify(`${backup}/${name}.yaml`)}`,
  );
  if (files.status(path) !== null) files.rename(path, `${backup}/${name}.yaml`);
  files.rename(`${fresh}/${name}.yaml`, path);
  await print('[upgrade/staticpods] Waiting for the kubelet to restart the component');
  await print('[upgrade/staticpods] This can take up to 5m0s');
  await hashOf(process, host, name, before);
  await waitForPods(process, host, name, print);
  await print(`[upgrade/staticpods] Component ${JSON.stringify(name)} upgraded successfully!`);
  if (name === 'etcd') await print('[upgrade/etcd] Waiting for etcd to become available');
}

/** The hash of the node's mirror of a component once it is another than `before`; it waits for one. Throws Failure. */
async function hashOf(process: Process, host: Host, name: string, before: string | null): Promise<string> {
  const endMs = process.simulation.nowMs + timeoutMs;
  for (;;) {
    const hash = attempt(() => {
      const pod = podsOf(host.client, name).find(({ spec }) => spec.nodeName === host.node);
      return pod?.metadata.annotations?.[hashAnnotation];
    });
    if (hash !== undefined && hash !== before) return hash;
    if (process.simulation.nowMs >= endMs)
      throw new Failure(
        before === null
          ? `failed to obtain static Pod hash for component ${name} on Node ${host.node}: timed out waiting for the condition`
          : `static Pod hash for component ${name} on Node ${host.node} did not change after 5m0s: timed out waiting for the condition`,
      );
    await process.sleep(pollMs);
  }
}

/** Waits until every instance of a component runs. Throws Failure. */
async function waitForPods(process: Process, host: Host, name: string, print: Print): Promise<void> {
  const endMs = process.simulation.nowMs + timeoutMs;
  let known = -1;
  for (;;) {
    const found = attempt(() => podsOf(host.client, name));
    if (found !== undefined && found.length !== known) {
      known = found.length;
      await print(`[apiclient] Found ${known} Pods for label selector component=${name}`);
    }
    if (found !== undefined && known > 0 && found.every(({ status }) => status.phase === 'Running')) return;
    if (process.simulation.nowMs >= endMs) throw new Failure('timed out waiting for the condition');
    await process.sleep(pollMs);
  }
}

/** The API may be away while its own server is replaced: then undefined. */
function attempt<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return undefined;
  }
}
