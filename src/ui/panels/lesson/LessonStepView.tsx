import { Check, CircleDot, Lightbulb, Play } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import type { LessonStep } from '#classroom/lesson.ts';
import type { StepText } from '#classroom/lessonText.ts';
import { Button } from '#ui/parts/Button.tsx';
import { usePage } from '#ui/store/context.ts';
import { LessonWords } from './LessonWords.tsx';
import { Prediction } from './Prediction.tsx';

export type StepPlace = 'done' | 'current' | 'ahead';

/** One step: ahead only its title, at hand all of it, done what was to be learned. */
export function LessonStepView(props: {
  readonly number: number;
  readonly step: LessonStep;
  readonly text: StepText | undefined;
  readonly place: StepPlace;
  /** The last one done stays open, for what was to be learned. */
  readonly latest: boolean;
  readonly hint: string | null;
  /** What was answered here, from 1; null before. */
  readonly answered: number | null;
  readonly onAnswer: (choice: number) => void;
  readonly onContinue: () => void;
}) {
  const { number, step, text, place, latest, hint, answered, onAnswer, onContinue } = props;
  const title = text?.title ?? step.id;
  if (place === 'ahead')
    return (
      <Row mark={<span className="num text-dim">{number}</span>}>
        <h4 className="text-dim">{title}</h4>
      </Row>
    );
  if (place === 'done')
    return (
      <Row mark={<Check aria-label="Done" className="size-4.5 text-running" strokeWidth={2.5} />}>
        <details open={latest}>
          <summary className="cursor-pointer font-medium">{title}</summary>
          {text !== undefined && (
            <div className="mt-1 text-dim">
              <LessonWords blocks={text.debrief} />
            </div>
          )}
        </details>
      </Row>
    );
  const hintBlocks = hint === null ? undefined : text?.hints[hint];
  return (
    <Row current mark={<CircleDot aria-label="Now" className="size-4.5 text-accent" />}>
      <h4 className="mb-1 font-semibold">{title}</h4>
      {text !== undefined && <LessonWords blocks={text.body} />}
      {text?.predict && step.predict !== undefined && (
        <Prediction
          predict={text.predict}
          answer={step.predict.answer}
          answered={answered}
          debrief={text.debrief}
          onAnswer={onAnswer}
          onContinue={onContinue}
        />
      )}
      {step.suggest !== undefined && <Suggestion command={step.suggest} />}
      <div aria-live="polite">
        {hintBlocks !== undefined && (
          <div className="mt-3 flex gap-2 rounded-md border border-pending/50 bg-pending/10 p-3">
            <Lightbulb aria-hidden="true" className="mt-0.5 size-4.5 shrink-0 text-pending" />
            <LessonWords blocks={hintBlocks} />
          </div>
        )}
      </div>
      {step.check !== undefined && (
        <p className="mt-3 flex items-center gap-2 text-dim">
          <i aria-hidden="true" className="size-2 animate-pulse rounded-full bg-accent" />
          The cluster is watched: this step is done when it is so.
        </p>
      )}
      {step.check === undefined && step.predict === undefined && (
        <Button look="primary" className="mt-3" onClick={onContinue}>
          Continue
        </Button>
      )}
    </Row>
  );
}

function Row(props: { readonly mark: ReactNode; readonly current?: boolean; readonly children: ReactNode }) {
  const { mark, current = false, children } = props;
  const element = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (current) element.current?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <li ref={element} aria-current={current ? 'step' : undefined} className="flex gap-3">
      <span className="flex w-5 shrink-0 justify-center pt-0.5">{mark}</span>
      <div className="min-w-0 flex-1">{children}</div>
    </li>
  );
}

function Suggestion({ command }: { readonly command: string }) {
  const { runCommand } = usePage();
  return (
    <div className="mt-3">
      <Button onClick={() => runCommand(command)}>
        <Play aria-hidden="true" className="size-4" /> Do it for me
      </Button>
    </div>
  );
}
