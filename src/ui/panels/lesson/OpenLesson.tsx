import { useEffect, useRef, useState } from 'react';
import { Button } from '#ui/parts/Button.tsx';
import { usePage, useSession } from '#ui/store/context.ts';
import { browserMemory } from '#ui/store/memory.ts';
import { announce } from '#ui/store/view.ts';
import { LessonStepView } from './LessonStepView.tsx';
import { LessonWords } from './LessonWords.tsx';
import { loadLesson, type ReadLesson } from './library.ts';

const answersKey = 'podarium.answers';

type Answers = Readonly<Record<string, number>>;

function loadAnswers(): Answers {
  try {
    return (JSON.parse(browserMemory.getItem(answersKey) ?? '{}') ?? {}) as Answers;
  } catch {
    return {};
  }
}

/** The lesson at hand. Its steps are checked in the session; the page only shows where the learner is. */
export default function OpenLesson({ id }: { readonly id: string }) {
  const [read, setRead] = useState<ReadLesson | 'missing' | null>(null);
  useEffect(() => {
    let stopped = false;
    loadLesson(id).then(
      (loaded) => !stopped && setRead(loaded ?? 'missing'),
      () => !stopped && setRead('missing'),
    );
    return () => {
      stopped = true;
    };
  }, [id]);
  if (read === null) return <p className="text-dim">Opening the lesson …</p>;
  if (read === 'missing') return <p role="alert">There is no lesson “{id}” in this Podarium.</p>;
  return <Steps read={read} />;
}

function Steps({ read }: { readonly read: ReadLesson }) {
  const { lesson, text } = read;
  const { session, view } = usePage();
  const progress = useSession((state) => state.lesson);
  const [answers, setAnswers] = useState(loadAnswers);
  const at = progress?.id === lesson.id ? progress.at : 0;
  const finished = at >= lesson.steps.length;
  useReturn(lesson.steps[at]?.id, (stepId) => {
    if (answers[`${lesson.id}/${stepId}/done`] === 1) session.continueLesson();
  });

  const seen = useRef(at);
  useEffect(() => {
    if (at > seen.current) announce(view, finished ? 'The lesson is done.' : 'Step done.');
    seen.current = at;
  }, [at, finished, view]);

  const remember = (key: string, value: number): void => {
    const next = { ...answers, [`${lesson.id}/${key}`]: value };
    setAnswers(next);
    browserMemory.setItem(answersKey, JSON.stringify(next));
  };

  return (
    <>
      <div>
        <h3 className="mb-1 text-lg font-semibold">{text.title}</h3>
        <LessonWords blocks={text.intro} />
      </div>
      <div
        role="progressbar"
        aria-label="Steps done"
        aria-valuenow={at}
        aria-valuemin={0}
        aria-valuemax={lesson.steps.length}
        className="h-1.5 w-full shrink-0 overflow-hidden rounded-full bg-line"
      >
        <div
          className="h-full rounded-full bg-running transition-[width] duration-300"
          style={{ width: `${(at / lesson.steps.length) * 100}%` }}
        />
      </div>
      <ol className="flex flex-col gap-4">
        {lesson.steps.map((step, index) => (
          <LessonStepView
            key={step.id}
            number={index + 1}
            step={step}
            text={text.steps[step.id]}
            latest={index === at - 1}
            place={index < at ? 'done' : index === at ? 'current' : 'ahead'}
            hint={progress?.hint ?? null}
            answered={answers[`${lesson.id}/${step.id}`] ?? null}
            onAnswer={(choice) => remember(step.id, choice)}
            onContinue={() => {
              remember(`${step.id}/done`, 1);
              session.continueLesson();
            }}
          />
        ))}
      </ol>
      {finished && (
        <div role="status" className="rounded-lg border border-running/50 bg-running/10 p-4">
          <p className="font-semibold">Done. You have seen it happen.</p>
          <Button className="mt-2" onClick={() => view.setState({ dialog: 'gallery' })}>
            What is next?
          </Button>
        </div>
      )}
    </>
  );
}

/** Steps that were read or answered before a reload or an undo are not asked again. */
function useReturn(stepId: string | undefined, arrived: (stepId: string) => void): void {
  const latest = useRef(arrived);
  useEffect(() => {
    latest.current = arrived;
  });
  useEffect(() => {
    if (stepId !== undefined) latest.current(stepId);
  }, [stepId]);
}
