import { createContext, useCallback, useContext, useMemo, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import type { Recipe } from '#classroom/recipe.ts';
import type { ActivityRow, Row } from '#protocol/rows.ts';
import type { EditorFiles } from './editorFiles.ts';
import type { Structure, Totals } from './rowTable.ts';
import type { Session, SessionState } from './session.ts';
import { throttled } from './throttle.ts';
import type { View, ViewState } from './view.ts';

/** A graph of more rows than this is laid out at most so often. */
const largeFrom = 3000;
const largePeriodMs = 300;
/** Nobody reads faster than this. */
const activityPeriodMs = 150;

/** Everything a panel may use: the session, the view, and the acts that touch both. */
export interface Page {
  readonly session: Session;
  readonly view: View;
  readonly files: EditorFiles;
  /** Types a line into the terminal, as if the learner had. */
  runCommand(line: string): void;
  /** Shows a text in the editor as a file of that name. */
  openInEditor(name: string, text: string): void;
  /** Leaves the open session for a scenario of the gallery. */
  startScenario(id: string): void;
  /** Starts a lesson's scenario, and the lesson over it. */
  startLesson(id: string, scenario: string): void;
  closeLesson(): void;
  /** Replays a shared session, which is not saved over the learner's own. */
  openLink(recipe: Recipe): void;
}

export const PageContext = createContext<Page | null>(null);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === null) throw new Error('A panel is outside of the page.');
  return page;
}

export function useSession<T>(select: (state: SessionState) => T): T {
  return useStore(usePage().session.state, select);
}

export function useView<T>(select: (state: ViewState) => T): T {
  return useStore(usePage().view, select);
}

/** One row; the component renders again only when that row changes. */
export function useRow(id: string | null): Row | undefined {
  const { rows } = usePage().session;
  const subscribe = useCallback(
    (listener: () => void) => (id === null ? () => undefined : rows.subscribe(id, listener)),
    [rows, id],
  );
  return useSyncExternalStore(subscribe, () => (id === null ? undefined : rows.get(id)));
}

/** The rows as they hang together; a new object when rows come, go, or hang together differently. */
export function useStructure(): Structure {
  const { rows } = usePage().session;
  return useSyncExternalStore(
    useMemo(
      () =>
        throttled(
          (listener) => rows.subscribeStructure(listener),
          () => (rows.size > largeFrom ? largePeriodMs : 0),
        ),
      [rows],
    ),
    () => rows.structure,
  );
}

export function useTotals(): Totals {
  const { rows } = usePage().session;
  return useSyncExternalStore(
    useCallback((listener: () => void) => rows.subscribeTotals(listener), [rows]),
    () => rows.totals,
  );
}

/** The strip's lines, oldest first. The array is the log's own: read it, don't keep it. */
export function useActivity(): readonly ActivityRow[] {
  const { activity } = usePage().session;
  useSyncExternalStore(
    useMemo(
      () =>
        throttled(
          (listener) => activity.subscribe(listener),
          () => activityPeriodMs,
        ),
      [activity],
    ),
    () => activity.version,
  );
  return activity.rows;
}
