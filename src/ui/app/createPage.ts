import { openConnection } from '#ui/app/openWorker.ts';
import type { Page } from '#ui/store/context.ts';
import { browserMemory } from '#ui/store/memory.ts';
import { SavedSession } from '#ui/store/savedSession.ts';
import { createSession } from '#ui/store/session.ts';
import { mainTerminal } from '#ui/store/terminalStream.ts';
import { announce, createView } from '#ui/store/view.ts';
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
  const dress = (): void => {
    const { theme, presenter } = view.getState();
    document.documentElement.dataset['theme'] = theme;
    document.documentElement.toggleAttribute('data-presenter', presenter);
  };
  dress();
  view.subscribe(dress);

  const saved = new SavedSession(localStorage, () =>
    announce(view, 'This browser has no room left to save the session. It goes on, but a reload will lose it.'),
  );
  let mine = false;
  const session = createSession({
    open: openConnection,
    build,
    started: (recipe) => mine && saved.replace(recipe),
    recorded: (input) => mine && saved.append(input),
  });
  void saveLock().then((owned) => {
    mine = owned;
    const recipe = owned ? saved.load() : null;
    if (!owned)
      announce(view, 'Podarium is open in another tab, which keeps the saved session. This tab has its own.');
    session.start(recipe ?? { scenario: 'empty', seed: newSeed(), inputs: [] });
  });
  return {
    session,
    view,
    runCommand(line) {
      session.terminal.write(mainTerminal, `${line}\r\n`);
      session.input({ type: 'terminalInput', terminal: mainTerminal, text: `${line}\n` });
    },
  };
}
