import type { Lesson } from '#classroom/lesson.ts';
import type { Scenario } from '#classroom/scenario.ts';

const scenarioModules = import.meta.glob<Scenario>('../../../lessons/scenarios/*.yaml', {
  eager: true,
  import: 'default',
});
const lessonModules = import.meta.glob<Lesson>('../../../lessons/*/lesson.yaml', {
  eager: true,
  import: 'default',
});
const contentModules = import.meta.glob<string>('../../../lessons/*/content.en.md', {
  eager: true,
  query: '?raw',
  import: 'default',
});

/** An entry of the gallery. */
export interface GalleryEntry {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
}

/** All scenarios, the empty cluster first. */
export const scenarios: readonly GalleryEntry[] = Object.values(scenarioModules).sort(
  (a, b) => Number(b.id === 'empty') - Number(a.id === 'empty') || (a.title < b.title ? -1 : 1),
);

/** All lessons; a lesson's own text begins with its title and what it is about. */
export const lessons: readonly (GalleryEntry & { readonly scenario: string })[] = Object.entries(
  lessonModules,
).map(([path, lesson]) => {
  const content = contentModules[path.replace('lesson.yaml', 'content.en.md')] ?? '';
  const [, title = lesson.id, summary = ''] = /^# (.+)\n+([^\n]*)/u.exec(content) ?? [];
  return { id: lesson.id, scenario: lesson.scenario, title, summary: summary.replaceAll(/[*`]/gu, '') };
});
