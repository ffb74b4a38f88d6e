import { useEffect, useState } from 'react';
import { X } from 'lucide-react';
import { IconButton } from '#ui/parts/IconButton.tsx';
import { useView } from '#ui/store/context.ts';

const shownForMs = 7000;

/** Short messages: shown for a moment, and read aloud by the live region that is always there. */
export function Notice() {
  const notice = useView((state) => state.notice);
  const [dismissed, dismiss] = useState(0);
  const { sequence } = notice;
  useEffect(() => {
    if (sequence === 0) return undefined;
    const timer = setTimeout(() => dismiss(sequence), shownForMs);
    return () => clearTimeout(timer);
  }, [sequence]);
  const shown = sequence > dismissed;
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-0 bottom-4 z-50 flex justify-center px-4"
    >
      {shown && (
        <div className="pointer-events-auto flex max-w-xl items-center gap-2 rounded-lg border border-line-strong bg-raised py-1.5 pr-1.5 pl-4 shadow-(--shadow)">
          <span>{notice.text}</span>
          <IconButton icon={X} label="Dismiss" tip="above-left" onClick={() => dismiss(sequence)} />
        </div>
      )}
    </div>
  );
}
