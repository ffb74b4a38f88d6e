import { BookX, GraduationCap } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { Button } from '#ui/parts/Button.tsx';
import { IconButton } from '#ui/parts/IconButton.tsx';
import { PanelFrame } from '#ui/parts/PanelFrame.tsx';
import { usePage, useView } from '#ui/store/context.ts';
import { FirstSteps } from './FirstSteps.tsx';

const OpenLesson = lazy(() => import('./OpenLesson.tsx'));

/** The lesson, or without one a first walk through the cluster. */
export function LessonPanel() {
  const { view, closeLesson } = usePage();
  const lessonId = useView((state) => state.lessonId);
  return (
    <PanelFrame
      name="lesson"
      title="Lesson"
      actions={
        lessonId !== null && (
          <IconButton icon={BookX} label="Close the lesson" tip="below-left" onClick={closeLesson} />
        )
      }
    >
      <div className="absolute inset-0 flex flex-col gap-4 overflow-auto p-4">
        {lessonId === null ? (
          <FirstSteps />
        ) : (
          <Suspense fallback={<p className="text-dim">Opening the lesson …</p>}>
            <OpenLesson key={lessonId} id={lessonId} />
          </Suspense>
        )}
        <Button className="self-start" onClick={() => view.setState({ dialog: 'gallery' })}>
          <GraduationCap aria-hidden="true" className="size-4.5" /> Lessons and scenarios
        </Button>
      </div>
    </PanelFrame>
  );
}
