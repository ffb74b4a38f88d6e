import { useEffect, useState } from 'react';
import type { Answers, Query } from '#protocol/messages.ts';
import { usePage, useSession } from '#ui/store/context.ts';

/** What is open is asked again this often while the cluster changes. */
const refreshMs = 500;

export interface Asked<T> {
  readonly answer: T | null;
  readonly error: string | null;
}

/** The answer to a question, asked again as the cluster moves on. The query is identified by its text. */
export function useAnswer<Q extends Query>(query: Q): Asked<Answers[Q['type']]> {
  const { session } = usePage();
  const [asked, setAsked] = useState<Asked<Answers[Q['type']]> & { readonly key: string }>({
    key: '',
    answer: null,
    error: null,
  });
  const key = JSON.stringify(query);
  const running = useSession((state) => state.phase === 'running');
  useEffect(() => {
    if (!running) return undefined;
    let stopped = false;
    let seen = -1;
    const ask = async (): Promise<void> => {
      const { eventCount } = session.state.getState();
      if (eventCount === seen) return;
      seen = eventCount;
      try {
        const answer = await session.ask(JSON.parse(key) as Q);
        if (!stopped) setAsked({ key, answer, error: null });
      } catch (error) {
        if (!stopped)
          setAsked({ key, answer: null, error: error instanceof Error ? error.message : String(error) });
      }
    };
    void ask();
    const timer = setInterval(() => void ask(), refreshMs);
    return () => {
      stopped = true;
      clearInterval(timer);
    };
  }, [session, key, running]);
  return asked.key === key ? asked : { answer: null, error: null };
}
