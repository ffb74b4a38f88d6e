import { apiFigures, componentFigures } from './api.ts';
import { clusterFigures } from './cluster.ts';
import type { Figure } from './figure.ts';
import { heartbeatFigures } from './heartbeats.ts';
import { schedulingFigures } from './scheduling.ts';

const sections: Record<string, (only?: string) => Figure[] | Promise<Figure[]>> = {
  api: apiFigures,
  cluster: clusterFigures,
  scheduling: schedulingFigures,
  heartbeats: heartbeatFigures,
  component: componentFigures,
};

const args = process.argv.slice(2);
const json = args.includes('--json');
const only = args.includes('--only') ? args[args.indexOf('--only') + 1] : undefined;
const known = Object.keys(sections);
if (only !== undefined && !known.some((name) => only.startsWith(name))) {
  console.error(`There is no figure "${only}". There are: ${known.join(', ')}`);
  process.exit(1);
}

for (const [name, measure] of Object.entries(sections)) {
  if (only !== undefined && !only.startsWith(name)) continue;
  for (const figure of await measure(only)) {
    if (json) console.log(JSON.stringify(figure));
    else {
      const peer = figure.peer === undefined ? '' : `   (${figure.peer}: ${figure.peerValue} ${figure.unit})`;
      console.log(`${figure.name.padEnd(48)} ${String(figure.value).padStart(12)} ${figure.unit}${peer}`);
    }
  }
}
