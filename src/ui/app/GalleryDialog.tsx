import { useState } from 'react';
import { Button } from '#ui/parts/Button.tsx';
import { Modal } from '#ui/parts/Modal.tsx';
import { usePage, useSession } from '#ui/store/context.ts';
import { scenarios } from './scenarios.ts';

/** What can be started. Starting one leaves the present session, so that is asked first. */
export default function GalleryDialog() {
  const { view, startScenario } = usePage();
  const current = useSession((state) => state.scenario);
  const inputCount = useSession((state) => state.inputCount);
  const [chosen, choose] = useState<string | null>(null);
  const close = (): void => view.setState({ dialog: null });
  const start = (id: string): void => {
    close();
    startScenario(id);
  };
  return (
    <Modal
      wide
      title="Lessons and scenarios"
      description="Each starts a cluster of its own, in this tab."
      onClose={close}
    >
      <ul className="grid gap-3 sm:grid-cols-2">
        {scenarios.map((scenario) => (
          <li key={scenario.id} className="flex flex-col gap-2 rounded-lg border border-line bg-sunken p-4">
            <h3 className="font-semibold">{scenario.title}</h3>
            <p className="flex-1 leading-normal text-dim">{scenario.summary}</p>
            {chosen === scenario.id ? (
              <div className="flex flex-wrap items-center gap-2" role="alert">
                <span>This ends the session that is open.</span>
                <Button look="danger" onClick={() => start(scenario.id)}>
                  Start it
                </Button>
                <Button onClick={() => choose(null)}>Keep mine</Button>
              </div>
            ) : (
              <div className="flex items-center gap-3">
                <Button
                  look="primary"
                  onClick={() => (inputCount > 0 ? choose(scenario.id) : start(scenario.id))}
                >
                  Start
                </Button>
                {scenario.id === current && <span className="text-dim">open now</span>}
              </div>
            )}
          </li>
        ))}
      </ul>
    </Modal>
  );
}
