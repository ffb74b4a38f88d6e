import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { findScenario, type Scenario } from '#classroom/scenario.ts';

/** Reads the scenario of that id from a checkout. Throws an Error that names those there are. */
export function readScenario(root: string, id: string): Scenario {
  const folder = join(root, 'lessons', 'scenarios');
  const scenarios = readdirSync(folder).map(
    (name) => load(readFileSync(join(folder, name), 'utf8')) as Scenario,
  );
  const found = findScenario(new Map(scenarios.map((scenario) => [scenario.id, scenario])), id);
  if (found !== undefined) return found;
  throw new Error(`There is no scenario "${id}"; there are ${scenarios.map((one) => one.id).join(', ')}.`);
}
