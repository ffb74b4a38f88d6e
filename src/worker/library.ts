import type { Scenario } from '#classroom/scenario.ts';

const first = import.meta.glob<Scenario>('../../lessons/scenarios/empty.yaml', {
  eager: true,
  import: 'default',
});
const firsts: ReadonlyMap<string, Scenario> = new Map(
  Object.values(first).map((scenario) => [scenario.id, scenario]),
);

/** The scenarios that an id may name. Most visits begin with the first; the others come when one of them is asked for. */
export async function loadScenarios(id: string): Promise<ReadonlyMap<string, Scenario>> {
  if (firsts.has(id.replace(/~.*$/, ''))) return firsts;
  return (await import('./gallery.ts')).scenarios;
}
