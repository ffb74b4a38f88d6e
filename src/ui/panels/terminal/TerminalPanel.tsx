import '@xterm/xterm/css/xterm.css';
import { Eraser } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { IconButton } from '#ui/parts/IconButton.tsx';
import { PanelFrame } from '#ui/parts/PanelFrame.tsx';
import { usePage, useView } from '#ui/store/context.ts';
import { inspect } from '#ui/store/view.ts';
import { NameLinks } from './nameLinks.ts';
import { Screen } from './Screen.ts';
import { terminalTheme } from './terminalTheme.ts';

export default function TerminalPanel() {
  const place = useRef<HTMLDivElement>(null);
  const screen = useRef<Screen>(null);
  const { session, view } = usePage();
  const theme = useView((state) => state.theme);
  const presenter = useView((state) => state.presenter);

  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const { theme: named, presenter: large } = view.getState();
    const made = new Screen(session, element, large ? 18 : 14, terminalTheme(named));
    screen.current = made;
    made.xterm.registerLinkProvider(new NameLinks(made.xterm, session.rows, (rowId) => inspect(view, rowId)));
    const detach = session.terminal.attach(
      (text) => made.output(text),
      () => made.restart(),
    );
    const resized = new ResizeObserver(() => {
      if (element.clientWidth > 0) made.fit();
    });
    resized.observe(element);
    const stopWatching = session.state.subscribe((state, before) => {
      if (state.phase === 'running' && before.phase !== 'running' && state.inputCount === 0) made.tellSize();
    });
    return () => {
      stopWatching();
      resized.disconnect();
      detach();
      made.dispose();
      screen.current = null;
    };
  }, [session, view]);

  useEffect(() => {
    const made = screen.current;
    if (made === null) return;
    made.xterm.options.theme = terminalTheme(theme);
    made.xterm.options.fontSize = presenter ? 18 : 14;
    made.fit();
  }, [theme, presenter]);

  return (
    <PanelFrame
      name="terminal"
      title="Terminal"
      actions={
        <IconButton
          icon={Eraser}
          label="Clear"
          keys="Ctrl L"
          tip="below-left"
          onClick={() => screen.current?.clear()}
        />
      }
    >
      <div ref={place} className="absolute inset-0 overflow-hidden bg-sunken py-2 pl-3" />
    </PanelFrame>
  );
}
