import type { Process } from '#world/machine/program.ts';
import type { CommandLine } from './commandLine.ts';
import { Failure, PreflightFailure } from './failure.ts';
import { controlPlaneComponents, type Host } from './host.ts';
import { printerOf } from './printer.ts';

/** Upstream: constants.PauseVersion. */
const pauseImage = 'registry.k8s.io/pause:3.10.1';

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
    const failure = await pull(process, host, image);
    if (failure !== null)
      problems.push([
        'ImagePull',
        `failed to pull image ${image}: failed to pull image ${image}: ${failure}`,
      ]);
  }
  if (problems.length > 0) throw new PreflightFailure(phase, problems);
}

function pull(process: Process, host: Host, image: string): Promise<string | null> {
  return process.wait((resolve) => {
    host.pull(image, resolve);
    return () => {};
  });
}

/** `kubeadm config images list|pull`: what kubeadm's own release runs. */
export async function images(process: Process, host: Host, { words }: CommandLine): Promise<void> {
  const print = printerOf(process);
  const [verb] = words;
  if (verb !== 'list' && verb !== 'pull')
    throw new Failure('missing subcommand; "images" is not meant to be run on its own');
  for (const image of imagesOf(host, host.version())) {
    if (verb === 'list') await print(image);
    else {
      const failure = await pull(process, host, image);
      if (failure !== null) throw new Failure(`failed to pull image ${JSON.stringify(image)}: ${failure}`);
      await print(`[config/images] Pulled ${image}`);
    }
  }
}

function imagesOf({ releases }: Host, version: string): readonly string[] {
  const release = releases.find((one) => one.version === version) ?? releases[0]!;
  return [
    ...[...controlPlaneComponents, 'kube-proxy'].map((name) => `registry.k8s.io/${name}:${version}`),
    `registry.k8s.io/coredns/coredns:${release.coredns}`,
    pauseImage,
    `registry.k8s.io/etcd:${release.etcd}`,
  ];
}
