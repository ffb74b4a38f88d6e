// Upstream: cmd/kubeadm/app/phases/upgrade/health.go
import type { Client } from '#kubernetes/client/client.ts';
import type { Process } from '#world/machine/program.ts';
import { controlPlaneNodes } from './cluster.ts';
import { PreflightFailure } from './failure.ts';
import { controlPlaneComponents, manifestDirectory } from './host.ts';

/** Looks whether the cluster can be upgraded at all. Throws PreflightFailure; `phase` is whose check it is. */
export function checkHealth({ files }: Process, client: Client, phase: string): void {
  const problems: [string, string][] = [];
  const notReady = controlPlaneNodes(client)
    .filter(
      ({ status }) => !status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
    )
    .map(({ metadata }) => metadata.name);
  if (notReady.length > 0)
    problems.push([
      'ControlPlaneNodesReady',
      `there are NotReady control-planes in the cluster: [${notReady.join(' ')}]`,
    ]);
  const missing = controlPlaneComponents.filter(
    (name) => files.status(`${manifestDirectory}/${name}.yaml`) === null,
  );
  if (missing.length > 0)
    problems.push([
      'StaticPodManifest',
      `The control plane seems to be Static Pod-hosted, but some of the manifests don't seem to exist on disk. This probably means you're running 'kubeadm upgrade' on a remote machine, which is not supported for a Static Pod-hosted cluster. Manifest files not found: [${missing.map((name) => `${manifestDirectory}/${name}.yaml`).join(' ')}]`,
    ]);
  if (problems.length > 0) throw new PreflightFailure(phase, problems);
}
