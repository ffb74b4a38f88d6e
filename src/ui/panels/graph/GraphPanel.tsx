import { Box, List, Network, Server, Shapes, Workflow } from 'lucide-react';
import { IconButton } from '#ui/parts/IconButton.tsx';
import { PanelFrame } from '#ui/parts/PanelFrame.tsx';
import { Segmented } from '#ui/parts/Segmented.tsx';
import { usePage, useView } from '#ui/store/context.ts';
import type { GraphView } from '#ui/store/view.ts';
import { EmptyHint } from './EmptyHint.tsx';
import { GraphCanvas } from './GraphCanvas.tsx';
import { GraphTwin } from './GraphTwin.tsx';
import { Legend } from './Legend.tsx';

const views: readonly { value: GraphView; word: string; title: string; icon: typeof Server }[] = [
  { value: 'nodes', word: 'Nodes', title: 'Nodes: which machine runs what', icon: Server },
  { value: 'workloads', word: 'Workloads', title: 'Workloads: what exists because of what', icon: Workflow },
  { value: 'network', word: 'Network', title: 'Network: where requests go', icon: Network },
  { value: 'list', word: 'List', title: 'List: the same as text', icon: List },
];

export function GraphPanel() {
  const { view } = usePage();
  const current = useView((state) => state.graphView);
  const showSystem = useView((state) => state.showSystem);
  const legendOpen = useView((state) => state.legendOpen);
  return (
    <PanelFrame
      name="graph"
      title="Cluster"
      heading={
        <div className="@container -ml-1.5 min-w-0 flex-1">
          <Segmented
            name="View"
            value={current}
            onChange={(graphView) => view.setState({ graphView })}
            choices={views.map(({ value, word, title, icon: Icon }) => ({
              value,
              title,
              label: (
                <>
                  <Icon aria-hidden="true" className="size-4" />
                  <span className="hidden @md:inline">{word}</span>
                </>
              ),
            }))}
          />
        </div>
      }
      actions={
        <>
          <IconButton
            icon={Box}
            label={showSystem ? 'Hide system pods' : 'Show system pods'}
            pressed={showSystem}
            tip="below-left"
            onClick={() => view.setState({ showSystem: !showSystem })}
          />
          <IconButton
            icon={Shapes}
            label="Legend"
            keys="Alt L"
            pressed={legendOpen}
            tip="below-left"
            onClick={() => view.setState({ legendOpen: !legendOpen })}
          />
        </>
      }
    >
      {current === 'list' ? <GraphTwin /> : <GraphCanvas view={current} />}
      {current !== 'list' && <EmptyHint view={current} />}
      {legendOpen && <Legend />}
    </PanelFrame>
  );
}
