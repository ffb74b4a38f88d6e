import type { Lesson } from '#classroom/lesson.ts';
import { readLessonText, type LessonText } from '#classroom/lessonText.ts';

const lessons = import.meta.glob<Lesson>('../../../../lessons/*/lesson.yaml', { import: 'default' });
const contents = import.meta.glob<string>('../../../../lessons/*/content.en.md', {
  query: '?raw',
  import: 'default',
});

/** A lesson with its words. */
export interface ReadLesson {
  readonly lesson: Lesson;
  readonly text: LessonText;
}

/** Loads a lesson of the library by its id; null when there is none of that name. */
export async function loadLesson(id: string): Promise<ReadLesson | null> {
  const folder = `../../../../lessons/${id}/`;
  const [lesson, content] = await Promise.all([
    lessons[`${folder}lesson.yaml`]?.(),
    contents[`${folder}content.en.md`]?.(),
  ]);
  return lesson === undefined || content === undefined ? null : { lesson, text: readLessonText(content) };
}
