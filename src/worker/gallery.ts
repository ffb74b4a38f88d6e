import type { Scenario } from '#classroom/scenario.ts';

const modules = import.meta.glob<Scenario>('../../lessons/scenarios/*.yaml', {
  eager: true,
  import: 'default',
});

/** The gallery's scenarios by id, from `lessons/scenarios/`. */
export const scenarios: ReadonlyMap<string, Scenario> = new Map(
  Object.values(modules).map((scenario) => [scenario.id, scenario]),
);
