import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { Scenario } from '#classroom/scenario.ts';

/** Reads the scenario of that id from a checkout. Throws an Error that names those there are. */
export function readScenario(root: string, id: string): Scenario {
  const folder = join(root, 'lessons', 'scenarios');
  const scenarios = readdirSync(folder).map(
    (name) => load(readFileSync(join(folder, name), 'utf8')) as Scenario,
  );
  const found = scenarios.find((scenario) => scenario.id === id);
  if (found !== undefined) return found;
  throw new Error(`There is no scenario "${id}"; there are ${scenarios.map((one) => one.id).join(', ')}.`);
}

/** The scenario with `count` nodes, shaped as its first. */
export function withNodes(scenario: Scenario, count: number): Scenario {
  const shape = scenario.nodes[0] ?? { name: '', cpu: '4', memory: '8Gi', podsMax: 110, zone: '' };
  const nodes = Array.from({ length: count }, (_, index) => ({
    ...shape,
    name: `node-${index + 1}`,
    zone: `zone-${'abc'.charAt(index % 3)}`,
  }));
  return { ...scenario, nodes };
}
