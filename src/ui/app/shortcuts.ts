import { useEffect } from 'react';
import { usePage } from '#ui/store/context.ts';
import type { Page } from '#ui/store/context.ts';
import type { PanelName } from '#ui/store/view.ts';

/** Where `Alt 1` to `Alt 5` go. */
export const panelOrder: readonly PanelName[] = ['lesson', 'graph', 'editor', 'terminal', 'inspector'];

/** The keys that work everywhere. Alt does not get in the way of what a shell or an editor is typed. */
export function useShortcuts(): void {
  const page = usePage();
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (!runShortcut(page, event)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    addEventListener('keydown', pressed, { capture: true });
    return () => removeEventListener('keydown', pressed, { capture: true });
  }, [page]);
}

/** True when the key was one of ours. */
function runShortcut({ view, session }: Page, event: KeyboardEvent): boolean {
  const key = event.key.toLowerCase();
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && key === 'k') {
    // In the terminal Ctrl-K deletes to the end of the line, but only bash veterans expect it: the palette wins.
    view.setState(({ dialog }) => ({ dialog: dialog === 'palette' ? null : 'palette' }));
    return true;
  }
  if (!event.altKey || event.ctrlKey || event.metaKey) return escape(view, event, key);
  const { speed, runningSpeed } = session.state.getState();
  if (event.code === 'KeyP') session.input({ type: 'speed', speed: speed === 0 ? runningSpeed : 0 });
  else if (event.code === 'Period' && speed === 0) session.input({ type: 'step' });
  else if (event.code === 'KeyL') view.setState(({ legendOpen }) => ({ legendOpen: !legendOpen }));
  else if (event.code === 'Slash') view.setState({ dialog: 'keys' });
  else if (/^Digit[1-5]$/u.test(event.code)) focusPanel(view, panelOrder[Number(event.code.slice(5)) - 1]);
  else return false;
  return true;
}

function escape(view: Page['view'], event: KeyboardEvent, key: string): boolean {
  const { dialog, filled } = view.getState();
  const typing =
    event.target instanceof Element && event.target.closest('input,textarea,.monaco-editor,.xterm');
  if (key !== 'escape' || dialog !== null || typing) return false;
  if (filled !== null) view.setState({ filled: null });
  else view.setState({ selected: null });
  return false;
}

function focusPanel(view: Page['view'], name: PanelName | undefined): void {
  if (name === undefined) return;
  view.setState((state) => ({
    phoneTab: name,
    lessonOpen: name === 'lesson' ? true : state.lessonOpen,
    filled: state.filled === null ? null : name,
  }));
  requestAnimationFrame(() => {
    const panel = document.querySelector<HTMLElement>(`[data-panel=${name}]`);
    panel
      ?.querySelector<HTMLElement>(
        '[data-panel-focus], .xterm-helper-textarea, textarea, [data-graph-item][tabindex="0"], button',
      )
      ?.focus();
  });
}
