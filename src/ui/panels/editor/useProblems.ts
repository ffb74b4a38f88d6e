import { useEffect, useState } from 'react';
import type { Answers } from '#protocol/messages.ts';
import { usePage, useSession } from '#ui/store/context.ts';

/** The server is asked when typing has paused. */
const pauseMs = 500;
/** Longer texts are checked when they are applied. */
const textCharactersMax = 500_000;

const noDocuments: Answers['dryRun'] = [];

/** What a dry run says to the text, a moment after it has changed. */
export function useProblems(text: string): Answers['dryRun'] {
  const { session } = usePage();
  const running = useSession((state) => state.phase === 'running');
  const [documents, setDocuments] = useState(noDocuments);
  const checked = running && text.trim() !== '' && text.length <= textCharactersMax;
  useEffect(() => {
    if (!checked) return undefined;
    let stopped = false;
    const timer = setTimeout(() => {
      session
        .ask({ type: 'dryRun', text })
        .then((answer) => !stopped && setDocuments(answer))
        .catch(() => !stopped && setDocuments(noDocuments));
    }, pauseMs);
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [session, text, checked]);
  return checked ? documents : noDocuments;
}
