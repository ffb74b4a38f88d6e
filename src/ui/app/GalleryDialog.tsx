import { GraduationCap, Server } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#ui/parts/Button.tsx';
import { Modal } from '#ui/parts/Modal.tsx';
import { usePage, useSession, useView } from '#ui/store/context.ts';
import { lessons, scenarios, type GalleryEntry } from './gallery.ts';

/** What can be started. Starting one leaves the present session, so that is asked first. */
export default function GalleryDialog() {
  const { view, startScenario, startLesson } = usePage();
  const scenario = useSession((state) => state.scenario);
  const lesson = useView((state) => state.lessonId);
  const close = (): void => view.setState({ dialog: null });
  return (
    <Modal
      wide
      title="Lessons and scenarios"
      description="Each starts a cluster of its own, in this tab."
      onClose={close}
    >
      <h3 className="mb-2 flex items-center gap-2 font-semibold">
        <GraduationCap aria-hidden="true" className="size-4.5 text-dim" /> Lessons
      </h3>
      <ul className="grid gap-3 sm:grid-cols-2">
        {lessons.map((entry) => (
          <Entry
            key={entry.id}
            entry={entry}
            open={entry.id === lesson}
            label={`Start ${entry.title}`}
            onStart={() => {
              close();
              startLesson(entry.id, entry.scenario);
            }}
          />
        ))}
      </ul>
      <h3 className="mt-5 mb-2 flex items-center gap-2 font-semibold">
        <Server aria-hidden="true" className="size-4.5 text-dim" /> Scenarios
      </h3>
      <ul className="grid gap-3 sm:grid-cols-2">
        {scenarios.map((entry) => (
          <Entry
            key={entry.id}
            entry={entry}
            open={entry.id === scenario && lesson === null}
            label={`Start the scenario ${entry.title}`}
            onStart={() => {
              close();
              startScenario(entry.id);
            }}
          />
        ))}
      </ul>
    </Modal>
  );
}

function Entry(props: {
  readonly entry: GalleryEntry;
  readonly open: boolean;
  /** What its button does, for those who do not see where it stands. */
  readonly label: string;
  readonly onStart: () => void;
}) {
  const { entry, open, label, onStart } = props;
  const inputCount = useSession((state) => state.inputCount);
  const [asking, ask] = useState(false);
  return (
    <li className="flex flex-col gap-3 rounded-lg border border-line bg-sunken p-4">
      <div className="flex-1">
        <h4 className="font-semibold">{entry.title}</h4>
        <p className="mt-1 leading-normal text-dim">{entry.summary}</p>
      </div>
      {asking ? (
        <div className="flex flex-wrap items-center gap-2" role="alert">
          <span>This ends the session that is open.</span>
          <Button look="danger" onClick={onStart}>
            Start it
          </Button>
          <Button onClick={() => ask(false)}>Keep mine</Button>
        </div>
      ) : (
        <div className="flex items-center gap-3">
          <Button look="primary" aria-label={label} onClick={() => (inputCount > 0 ? ask(true) : onStart())}>
            Start
          </Button>
          {open && <span className="text-dim">open now</span>}
        </div>
      )}
    </li>
  );
}
