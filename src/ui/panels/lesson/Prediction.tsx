import type { Block, StepText } from '#classroom/lessonText.ts';
import { Button } from '#ui/parts/Button.tsx';
import { Inlines, LessonWords } from './LessonWords.tsx';

/** A question to be answered before acting: who predicts, learns. */
export function Prediction(props: {
  readonly predict: NonNullable<StepText['predict']>;
  /** The right choice, from 1. */
  readonly answer: number;
  readonly answered: number | null;
  readonly debrief: readonly Block[];
  readonly onAnswer: (choice: number) => void;
  readonly onContinue: () => void;
}) {
  const { predict, answer, answered, debrief, onAnswer, onContinue } = props;
  const lookOf = (choice: number): string => {
    if (answered === null) return 'border-line-strong hover:border-accent';
    if (choice === answer) return 'border-running bg-running/10';
    return choice === answered ? 'border-failing bg-failing/10' : 'border-line opacity-60';
  };
  return (
    <div className="mt-2 flex flex-col gap-3">
      <LessonWords blocks={predict.question} />
      <ol className="flex flex-col gap-2">
        {predict.choices.map((content, index) => {
          const choice = index + 1;
          return (
            // oxlint-disable-next-line react/no-array-index-key -- choices never move
            <li key={index}>
              <button
                type="button"
                disabled={answered !== null}
                onClick={() => onAnswer(choice)}
                className={`flex w-full gap-2 rounded-md border bg-sunken px-3 py-2 text-left ${lookOf(choice)}`}
              >
                <span className="num text-dim">{choice}</span>
                <span className="min-w-0 flex-1">
                  <Inlines content={content} />
                </span>
                {answered !== null && choice === answer && <span className="text-running">right</span>}
                {answered === choice && choice !== answer && (
                  <span className="text-failing">your answer</span>
                )}
              </button>
            </li>
          );
        })}
      </ol>
      <div aria-live="polite" className="flex flex-col gap-3">
        {answered !== null && (
          <>
            <LessonWords blocks={debrief} />
            <Button look="primary" className="self-start" onClick={onContinue}>
              Continue
            </Button>
          </>
        )}
      </div>
    </div>
  );
}
