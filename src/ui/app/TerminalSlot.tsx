import { lazy, Suspense } from 'react';
import { PanelFrame } from '#ui/parts/PanelFrame.tsx';

const TerminalPanel = lazy(() => import('#ui/panels/terminal/TerminalPanel.tsx'));

/** The terminal comes after the first paint; its frame is there from the start. */
export function TerminalSlot() {
  return (
    <Suspense
      fallback={
        <PanelFrame name="terminal" title="Terminal">
          <p className="p-3 font-mono text-dim">Opening a shell …</p>
        </PanelFrame>
      }
    >
      <TerminalPanel />
    </Suspense>
  );
}
