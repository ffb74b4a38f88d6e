import type { Cluster } from '../cluster.ts';

/** From a machine's reboot to its kubelet's start. */
const bootMs = 15_000;

/** Turns a machine off and on again: it boots, with another boot id. */
export function reboot(cluster: Cluster, node: string): void {
  cluster.stopNode(node);
  cluster.simulation.after(bootMs, () => cluster.startNode(node));
}
