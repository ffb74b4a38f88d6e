import type { Process } from '#world/machine/program.ts';
import { PreflightFailure } from './failure.ts';
import { controlPlaneComponents, type Host } from './host.ts';
import { printerOf } from './printer.ts';

/** Brings what a control plane of a version runs to the node. Throws PreflightFailure. */
export async function pullImages(
  process: Process,
  host: Host,
  version: string,
  phase: string,
): Promise<void> {
  const print = printerOf(process);
  await print('[upgrade/preflight] Pulling images required for setting up a Kubernetes cluster');
  await print(
    '[upgrade/preflight] This might take a minute or two, depending on the speed of your internet connection',
  );
  await print(
    "[upgrade/preflight] You can also perform this action beforehand using 'kubeadm config images pull'",
  );
  const problems: [string, string][] = [];
  for (const image of imagesOf(host, version)) {
    const failure = await process.wait<string | null>((resolve) => {
      host.pull(image, resolve);
      return () => {};
    });
    if (failure !== null)
      problems.push([
        'ImagePull',
        `failed to pull image ${image}: failed to pull image ${image}: ${failure}`,
      ]);
  }
  if (problems.length > 0) throw new PreflightFailure(phase, problems);
}

function imagesOf({ releases }: Host, version: string): readonly string[] {
  const release = releases.find((one) => one.version === version) ?? releases[0]!;
  return [
    ...[...controlPlaneComponents, 'kube-proxy'].map((name) => `registry.k8s.io/${name}:${version}`),
    `registry.k8s.io/coredns/coredns:${release.coredns}`,
    `registry.k8s.io/etcd:${release.etcd}`,
  ];
}
