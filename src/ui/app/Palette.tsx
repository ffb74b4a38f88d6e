import { Command } from 'cmdk';
import { useMemo } from 'react';
import { usePage } from '#ui/store/context.ts';
import { actionsOf, type Action } from './actions.ts';

const groups: readonly Action['group'][] = ['Run', 'Time', 'View', 'Session', 'Go to'];

/** All actions by name, and everything in the cluster. */
export default function Palette() {
  const page = usePage();
  const actions = useMemo(() => actionsOf(page), [page]);
  const close = (): void => page.view.setState({ dialog: null });
  return (
    <Command.Dialog
      open
      onOpenChange={(open) => !open && close()}
      label="All actions"
      overlayClassName="fixed inset-0 z-50 bg-[oklch(0.12_0.01_255/0.6)]"
      contentClassName="fixed top-[12vh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 overflow-hidden rounded-xl border border-line-strong bg-panel shadow-(--shadow)"
    >
      <Command.Input
        placeholder="Do something, or go to something …"
        className="h-12 w-full border-b border-line bg-transparent px-4 text-lg outline-none placeholder:text-dim"
      />
      <Command.List className="max-h-[56vh] overflow-auto p-1.5">
        <Command.Empty className="p-4 text-dim">Nothing is called that.</Command.Empty>
        {groups.map((group) => (
          <Command.Group
            key={group}
            heading={group}
            className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-dim"
          >
            {actions
              .filter((action) => action.group === group)
              .map((action) => (
                <Command.Item
                  key={action.id}
                  value={action.id}
                  keywords={[action.title]}
                  onSelect={() => {
                    close();
                    action.run();
                  }}
                  className="flex cursor-pointer items-center gap-3 rounded-md px-2.5 py-1.5 data-[selected=true]:bg-accent-wash"
                >
                  <span className={`truncate ${group === 'Run' ? 'font-mono' : ''}`}>{action.title}</span>
                  {action.keys !== undefined && <kbd className="kbd ml-auto">{action.keys}</kbd>}
                </Command.Item>
              ))}
          </Command.Group>
        ))}
      </Command.List>
    </Command.Dialog>
  );
}
