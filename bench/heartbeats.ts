import { bootCluster } from './cluster.ts';
import { cpuSeconds, type Figure, round } from './figure.ts';

const nodeCount = 1_000;
const hourMs = 3_600_000;

/** What time costs in which nothing happens but heartbeats: an hour is measured, a day told. */
export function heartbeatFigures(): Figure[] {
  const { cluster } = bootCluster(nodeCount);
  const { simulation } = cluster;
  simulation.run({ untilMs: simulation.nowMs + 60_000 });
  const startedS = cpuSeconds();
  simulation.run({ untilMs: simulation.nowMs + hourMs });
  const dayS = (cpuSeconds() - startedS) * 24;
  return [{ name: `a day of heartbeats of ${nodeCount} nodes: CPU`, value: round(dayS), unit: 's' }];
}
