import type { Process } from '#world/machine/program.ts';

/** Prints a line. */
export type Print = (line: string) => Promise<void>;

export function printerOf(process: Process): Print {
  return (line) => process.stdout.write(`${line}\n`);
}

/** Upstream: enforceRequirements in cmd/kubeadm/app/cmd/upgrade/common.go, fetchInitConfiguration in util/config/cluster.go */
export async function printConfigSource(print: Print, prefix: string): Promise<void> {
  await print(
    `[${prefix}] Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...`,
  );
  await print(
    `[${prefix}] Use 'kubeadm init phase upload-config kubeadm --config your-config-file' to re-upload it.`,
  );
}
