import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { beginLesson, checkLesson, continueLesson, type Facts, type Lesson } from './lesson.ts';
import { readLessonText } from './lessonText.ts';

const text = `# Title

Intro with \`code\`, **bold** and a [link](https://kubernetes.io/).

## first Do *this*

One line
goes on.

- a
- b \`c\`

\`\`\`sh
kubectl get pods # ## not a heading
\`\`\`

### hint lost

Look [here](javascript:alert(1)) <img src=x onerror=alert(1)>

### predict

Which?

1. One
2. Two

### debrief

Done.
`;

test('a lesson’s words are read into plain data, and nothing in them becomes markup', () => {
  const lesson = readLessonText(text);
  expect(lesson.title).toBe('Title');
  expect(lesson.intro).toEqual([
    {
      type: 'paragraph',
      content: [
        { type: 'text', text: 'Intro with ' },
        { type: 'code', text: 'code' },
        { type: 'text', text: ', ' },
        { type: 'strong', text: 'bold' },
        { type: 'text', text: ' and a ' },
        { type: 'link', text: 'link', href: 'https://kubernetes.io/' },
        { type: 'text', text: '.' },
      ],
    },
  ]);
  const { first } = lesson.steps;
  expect(first!.title).toBe('Do *this*');
  expect(first!.body.map((block) => block.type)).toEqual(['paragraph', 'list', 'code']);
  expect(first!.hints['lost']).toEqual([
    {
      type: 'paragraph',
      content: [{ type: 'text', text: 'Look [here](javascript:alert(1)) <img src=x onerror=alert(1)>' }],
    },
  ]);
  expect(first!.predict!.choices).toHaveLength(2);
  expect(first!.debrief).toHaveLength(1);
});

const lessonsFolder = join(import.meta.dirname, '../../lessons');
const ids = readdirSync(lessonsFolder).filter((name) => name !== 'scenarios');

test.each(ids)('every step and hint of %s has its words', (id) => {
  const lesson = load(readFileSync(join(lessonsFolder, id, 'lesson.yaml'), 'utf8')) as Lesson;
  const words = readLessonText(readFileSync(join(lessonsFolder, id, 'content.en.md'), 'utf8'));
  expect(lesson.id).toBe(id);
  expect(Object.keys(words.steps)).toEqual(lesson.steps.map((step) => step.id));
  for (const step of lesson.steps) {
    expect(Object.keys(words.steps[step.id]!.hints).sort()).toEqual(
      (step.hints ?? []).map((hint) => hint.id).sort(),
    );
    if (step.predict)
      expect(words.steps[step.id]!.predict!.choices.length).toBeGreaterThanOrEqual(step.predict.answer);
  }
});

const lesson: Lesson = {
  id: 'x',
  scenario: 'empty',
  steps: [
    {
      id: 'a',
      check: { eventually: 'pods.size() == 2' },
      hints: [{ id: 'too-many', when: 'pods.size() > 2' }],
    },
    { id: 'b', predict: { answer: 1 } },
    {
      id: 'c',
      remember: { names: 'pods.map(p, p.metadata.name)' },
      check: { eventually: 'pods.exists(p, !(p.metadata.name in before.names))' },
    },
  ],
};

function facts(...names: string[]): Facts {
  const pods = names.map((name) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name } }));
  return { objects: { pods: pods as never }, commands: [], version: 'v1.36.0' };
}

test('steps follow the facts: hints, questions, and what was there before', () => {
  let state = beginLesson(lesson, facts());
  state = checkLesson(lesson, state, facts('p', 'q', 'r'));
  expect(state).toMatchObject({ at: 0, hint: 'too-many' });
  expect(continueLesson(lesson, state, facts())).toBe(state);
  state = checkLesson(lesson, state, facts('p', 'q'));
  expect(state).toMatchObject({ at: 1, hint: null });
  expect(checkLesson(lesson, state, facts('z'))).toBe(state);
  state = continueLesson(lesson, state, facts('p', 'q'));
  expect(checkLesson(lesson, state, facts('q'))).toBe(state);
  state = checkLesson(lesson, state, facts('q', 'new'));
  expect(state.at).toBe(3);
  expect(checkLesson(lesson, state, facts())).toBe(state);
});
