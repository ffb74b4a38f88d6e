import { X } from 'lucide-react';
import { Tabs } from 'radix-ui';
import type { Row } from '#protocol/rows.ts';
import { HealthMark } from '#ui/parts/HealthMark.tsx';
import { IconButton } from '#ui/parts/IconButton.tsx';
import { KindIcon, kindOfRowId } from '#ui/parts/KindIcon.tsx';
import { PanelFrame } from '#ui/parts/PanelFrame.tsx';
import { usePage, useRow, useView } from '#ui/store/context.ts';
import type { InspectorTab } from '#ui/store/view.ts';
import { Events } from './Events.tsx';
import { FaultButtons } from './FaultButtons.tsx';
import { Logs } from './Logs.tsx';
import { Status } from './Status.tsx';
import { Scheduling } from './Scheduling.tsx';
import { Why } from './Why.tsx';
import { Yaml } from './Yaml.tsx';

/** What the selected thing is, how it is, and why. */
export default function InspectorPanel() {
  const { view } = usePage();
  const id = useView((state) => state.selected);
  const tab = useView((state) => state.inspectorTab);
  const row = useRow(id);
  const close = (
    <IconButton
      icon={X}
      label="Close"
      keys="Esc"
      tip="below-left"
      onClick={() => view.setState({ selected: null })}
    />
  );
  if (id === null)
    return (
      <PanelFrame name="inspector" title="Inspector">
        <p className="p-4 text-dim">Choose something in the graph to see what it is, how it is, and why.</p>
      </PanelFrame>
    );
  const kind = row?.type === 'workload' ? row.kind : kindOfRowId(id);
  const tabs = tabsOf(kind);
  const shown = tabs.some((entry) => entry.value === tab) ? tab : 'status';
  return (
    <PanelFrame
      name="inspector"
      title="Inspector"
      heading={<Heading id={id} row={row} kind={kind} />}
      actions={
        <>
          {row !== undefined && <FaultButtons row={row} />}
          {close}
        </>
      }
    >
      <Tabs.Root
        value={shown}
        onValueChange={(value) => view.setState({ inspectorTab: value as InspectorTab })}
        className="flex h-full flex-col"
      >
        <Tabs.List
          aria-label="About it"
          className="flex h-9 shrink-0 items-stretch gap-1 border-b border-line px-2"
        >
          {tabs.map((entry) => (
            <Tabs.Trigger
              key={entry.value}
              value={entry.value}
              className="border-b-2 border-transparent px-2 text-dim hover:text-text data-[state=active]:border-accent data-[state=active]:text-text"
            >
              {entry.label}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Tabs.Content value={shown} className="relative min-h-0 flex-1 overflow-auto" key={id}>
          {shown === 'status' && <Status id={id} row={row} />}
          {shown === 'yaml' && <Yaml id={id} row={row} />}
          {shown === 'events' && <Events id={id} />}
          {shown === 'logs' && row?.type === 'pod' && <Logs pod={row} />}
          {shown === 'why' && <Why id={id} />}
          {shown === 'scheduling' && <Scheduling id={id} />}
        </Tabs.Content>
      </Tabs.Root>
    </PanelFrame>
  );
}

function tabsOf(kind: string): readonly { readonly value: InspectorTab; readonly label: string }[] {
  if (kind === '') return [{ value: 'status', label: 'Status' }];
  return [
    { value: 'status', label: 'Status' },
    { value: 'why', label: 'Why?' },
    { value: 'events', label: 'Events' },
    ...(kind === 'Pod'
      ? [{ value: 'logs', label: 'Logs' } as const, { value: 'scheduling', label: 'Scheduling' } as const]
      : []),
    { value: 'yaml', label: 'YAML' },
  ];
}

function Heading(props: { readonly id: string; readonly row: Row | undefined; readonly kind: string }) {
  const { id, row, kind } = props;
  const name = row !== undefined && 'name' in row ? row.name : id.slice(id.lastIndexOf('/') + 1);
  return (
    <h2 className="flex min-w-0 items-center gap-2">
      <KindIcon kind={kind} className="size-4.5 text-dim" />
      <span className="truncate font-semibold">{name}</span>
      {row !== undefined && 'health' in row && (
        <span className="flex shrink-0 items-center gap-1.5">
          <HealthMark health={row.health} className="size-3.5" />
          {row.status}
        </span>
      )}
    </h2>
  );
}
