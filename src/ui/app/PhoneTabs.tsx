import { BookOpen, FileCode2, Network, ScanSearch, SquareTerminal, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { EditorPanel } from '#ui/panels/editor/EditorPanel.tsx';
import { GraphPanel } from '#ui/panels/graph/GraphPanel.tsx';
import { LessonPanel } from '#ui/panels/lesson/LessonPanel.tsx';
import { usePage, useView } from '#ui/store/context.ts';
import type { PanelName } from '#ui/store/view.ts';
import { TerminalSlot } from './TerminalSlot.tsx';

const tabs: readonly { readonly name: PanelName; readonly label: string; readonly icon: LucideIcon }[] = [
  { name: 'lesson', label: 'Lesson', icon: BookOpen },
  { name: 'graph', label: 'Graph', icon: Network },
  { name: 'inspector', label: 'Inspect', icon: ScanSearch },
  { name: 'editor', label: 'Editor', icon: FileCode2 },
  { name: 'terminal', label: 'Shell', icon: SquareTerminal },
];

/** On a phone the panels are tabs. Those that were opened stay mounted, so that nothing typed is lost. */
export function PhoneTabs({ inspector }: { readonly inspector: ReactNode }) {
  const { view } = usePage();
  const current = useView((state) => state.phoneTab);
  const panels: Record<PanelName, ReactNode> = {
    lesson: <LessonPanel />,
    graph: <GraphPanel />,
    inspector,
    editor: <EditorPanel />,
    terminal: <TerminalSlot />,
  };
  return (
    <>
      <main className="relative min-h-0 flex-1">
        {tabs.map(({ name }) => (
          <div key={name} className={`absolute inset-0 ${name === current ? '' : 'invisible'}`}>
            {panels[name]}
          </div>
        ))}
      </main>
      <nav aria-label="Panels" className="grid shrink-0 grid-cols-5 border-t border-line bg-panel">
        {tabs.map(({ name, label, icon: Icon }) => (
          <button
            key={name}
            type="button"
            aria-current={name === current ? 'page' : undefined}
            onClick={() => view.setState({ phoneTab: name })}
            className="flex flex-col items-center gap-0.5 py-2 text-dim aria-[current]:text-accent"
          >
            <Icon aria-hidden="true" className="size-5" />
            {label}
          </button>
        ))}
      </nav>
    </>
  );
}
