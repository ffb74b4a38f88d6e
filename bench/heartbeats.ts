import { bootCluster } from './cluster.ts';
import { cpuSeconds, type Figure, round } from './figure.ts';

const nodeCount = 1_000;
const dayMs = 86_400_000;

/** What a day costs in which nothing happens but heartbeats. */
export function heartbeatFigures(): Figure[] {
  const { cluster } = bootCluster(nodeCount);
  const { simulation } = cluster;
  simulation.run({ untilMs: simulation.nowMs + 60_000 });
  const startedS = cpuSeconds();
  simulation.run({ untilMs: simulation.nowMs + dayMs });
  const dayS = cpuSeconds() - startedS;
  return [{ name: `a day of heartbeats of ${nodeCount} nodes: CPU`, value: round(dayS), unit: 's' }];
}
