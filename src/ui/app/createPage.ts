import { openConnection } from '#ui/app/openWorker.ts';
import type { Page } from '#ui/store/context.ts';
import { createEditorFiles, openFile, saveFiles } from '#ui/store/editorFiles.ts';
import { browserMemory, sessionArea } from '#ui/store/memory.ts';
import { SavedSession } from '#ui/store/savedSession.ts';
import { createSession } from '#ui/store/session.ts';
import { mainTerminal } from '#ui/store/terminalStream.ts';
import { announce, createView } from '#ui/store/view.ts';
import { dress } from './dress.ts';
import { followLinks } from './links.ts';
import { saveLock } from './saveLock.ts';

/** What replays a recipe; a link carries it. */
const build = __BUILD__;

const seedCharacters = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** A fresh seed. The page may be random; the simulation below it is not. */
export function newSeed(): string {
  return [...crypto.getRandomValues(new Uint8Array(8))]
    .map((byte) => seedCharacters[byte % seedCharacters.length])
    .join('');
}

/** Puts the page together and starts its session: the saved one, or a new empty cluster. */
export function createPage(): Page {
  const view = createView(browserMemory, {
    theme: matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark',
    lessonOpen: innerWidth >= 1200,
  });
  dress(view);

  const saved = new SavedSession(sessionArea(), () =>
    announce(
      view,
      'This browser has no room left to save the session. It goes on, but a reload will lose it.',
    ),
  );
  // A stranger's session is never written over the learner's own.
  let mine = false;
  let owned = false;
  const session = createSession({
    open: openConnection,
    build,
    started(recipe, end) {
      if (mine) saved.replace(recipe);
      if (end.cancelled) announce(view, 'The replay was stopped here. Everything before has been done.');
      else if (end.differs)
        announce(
          view,
          'This session was made by another build of Podarium, which ended in another state than this one does. What you see is this build’s.',
        );
      const { lessonId } = view.getState();
      if (lessonId !== null) session.openLesson(lessonId);
    },
    recorded: (input) => mine && saved.append(input),
  });
  void saveLock().then((lock) => {
    owned = lock;
    mine = owned;
    const recipe = owned ? saved.load() : null;
    if (!owned)
      announce(view, 'Podarium is open in another tab, which keeps the saved session. This tab has its own.');
    session.start(recipe ?? { scenario: 'empty', seed: newSeed(), inputs: [] });
    followLinks(view, session);
  });
  const startFresh = (scenario: string): void => {
    mine = owned;
    session.start({ scenario, seed: newSeed(), inputs: [] });
  };
  const files = createEditorFiles(browserMemory);
  addEventListener('pagehide', () => saveFiles(files, browserMemory));
  return {
    session,
    view,
    files,
    openInEditor(name, text) {
      openFile(files, name, text);
      view.setState(({ filled }) => ({ phoneTab: 'editor', filled: filled === null ? null : 'editor' }));
    },
    startScenario(id) {
      view.setState({ lessonId: null });
      startFresh(id);
    },
    startLesson(id, scenario) {
      view.setState({ lessonId: id, lessonOpen: true, phoneTab: 'lesson' });
      startFresh(scenario);
    },
    closeLesson() {
      view.setState({ lessonId: null });
      session.openLesson(null);
    },
    openLink(recipe) {
      mine = false;
      view.setState({ lessonId: null });
      session.start(recipe);
    },
    runCommand(line) {
      session.input({ type: 'terminalInput', terminal: mainTerminal, text: `${line}\n` });
    },
  };
}
