import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react';
import { Group, Panel, Separator, usePanelRef, type Layout } from 'react-resizable-panels';
import { GraphPanel } from '#ui/panels/graph/GraphPanel.tsx';
import { EditorPanel } from '#ui/panels/editor/EditorPanel.tsx';
import { LessonPanel } from '#ui/panels/lesson/LessonPanel.tsx';
import { TimelinePanel } from '#ui/panels/timeline/TimelinePanel.tsx';
import { usePage, useView } from '#ui/store/context.ts';
import { browserMemory } from '#ui/store/memory.ts';
import { TerminalSlot } from './TerminalSlot.tsx';
import { PhoneTabs } from './PhoneTabs.tsx';

const InspectorPanel = lazy(() => import('#ui/panels/inspector/InspectorPanel.tsx'));

/** What overflows a panel scrolls inside of it. */
const noScroll = { overflow: 'hidden' };

const narrow = matchMedia('(max-width: 767px)');

function useNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      narrow.addEventListener('change', listener);
      return () => narrow.removeEventListener('change', listener);
    },
    () => narrow.matches,
  );
}

export function Workspace() {
  return useNarrow() ? <PhoneTabs inspector={<Inspector />} /> : <Desk />;
}

function recallLayout(id: string): Layout | undefined {
  try {
    return (
      (JSON.parse(browserMemory.getItem(`podarium.layout.${id}`) ?? 'null') as Layout | null) ?? undefined
    );
  } catch {
    return undefined;
  }
}

/** Props of a group that remembers where its borders are. `arrangement` names what is open, each with borders of its own. */
function remembered(id: string, arrangement = id) {
  return {
    id,
    defaultLayout: recallLayout(arrangement),
    onLayoutChanged: (layout: Layout) =>
      browserMemory.setItem(`podarium.layout.${arrangement}`, JSON.stringify(layout)),
  };
}

function Border({ vertical = false }: { readonly vertical?: boolean }) {
  return (
    <Separator className={`border-handle relative z-20 bg-line outline-none ${vertical ? 'h-px' : 'w-px'}`} />
  );
}

function Desk() {
  const { view } = usePage();
  const lessonOpen = useView((state) => state.lessonOpen);
  const selected = useView((state) => state.selected !== null);
  const timelineOpen = useView((state) => state.timelineOpen);
  const lesson = usePanelRef();
  useEffect(() => {
    if (lesson.current === null) return;
    if (lessonOpen) lesson.current.expand();
    else lesson.current.collapse();
  }, [lesson, lessonOpen]);
  return (
    <main className="min-h-0 flex-1">
      <Group orientation="horizontal" {...remembered('desk', lessonOpen ? 'desk' : 'desk-without-lesson')}>
        <Panel
          style={noScroll}
          id="lesson"
          panelRef={lesson}
          collapsible
          defaultSize={lessonOpen ? '19%' : '0%'}
          minSize="15rem"
          maxSize="38%"
          onResize={(size) => {
            const open = size.inPixels > 0;
            if (open !== view.getState().lessonOpen) view.setState({ lessonOpen: open });
          }}
        >
          {lessonOpen && <LessonPanel />}
        </Panel>
        <Border />
        <Panel style={noScroll} id="centre" minSize="22rem">
          <Group
            orientation="vertical"
            {...remembered('centre', selected ? 'centre-with-inspector' : 'centre')}
          >
            <Panel style={noScroll} id="graph" minSize="9rem">
              <GraphPanel />
            </Panel>
            {selected && (
              <>
                <Border vertical />
                <Panel style={noScroll} id="inspector" defaultSize="46%" minSize="9rem">
                  <Inspector />
                </Panel>
              </>
            )}
            {timelineOpen ? (
              <>
                <Border vertical />
                <Panel
                  style={noScroll}
                  id="timeline"
                  defaultSize="20%"
                  minSize="5.5rem"
                  groupResizeBehavior="preserve-pixel-size"
                >
                  <TimelinePanel />
                </Panel>
              </>
            ) : (
              <TimelinePanel />
            )}
          </Group>
        </Panel>
        <Border />
        <Panel style={noScroll} id="workbench" defaultSize="37%" minSize="20rem">
          <Group orientation="vertical" {...remembered('workbench')}>
            <Panel style={noScroll} id="editor" defaultSize="48%" minSize="7rem">
              <EditorPanel />
            </Panel>
            <Border vertical />
            <Panel style={noScroll} id="terminal" minSize="7rem">
              <TerminalSlot />
            </Panel>
          </Group>
        </Panel>
      </Group>
    </main>
  );
}

function Inspector() {
  return (
    <Suspense>
      <InspectorPanel />
    </Suspense>
  );
}
