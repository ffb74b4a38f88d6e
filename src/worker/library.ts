import type { Lesson } from '#classroom/lesson.ts';
import type { Scenario } from '#classroom/scenario.ts';

const modules = import.meta.glob<Scenario>('../../lessons/scenarios/*.yaml', {
  eager: true,
  import: 'default',
});

/** The gallery's scenarios by id, from `lessons/scenarios/`. */
export const scenarios: ReadonlyMap<string, Scenario> = new Map(
  Object.values(modules).map((scenario) => [scenario.id, scenario]),
);

const lessonModules = import.meta.glob<Lesson>('../../lessons/*/lesson.yaml', {
  eager: true,
  import: 'default',
});

/** Lessons by id, from `lessons/`. Their words are the page's. */
export const lessons: ReadonlyMap<string, Lesson> = new Map(
  Object.values(lessonModules).map((lesson) => [lesson.id, lesson]),
);
