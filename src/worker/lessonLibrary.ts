import type { Lesson } from '#classroom/lesson.ts';

const lessonModules = import.meta.glob<Lesson>('../../lessons/*/lesson.yaml', {
  eager: true,
  import: 'default',
});

/** Lessons by id, from `lessons/`. Their words are the page's. */
export const lessons: ReadonlyMap<string, Lesson> = new Map(
  Object.values(lessonModules).map((lesson) => [lesson.id, lesson]),
);
