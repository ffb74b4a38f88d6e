import { Maximize2, Minimize2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { usePage, useView } from '#ui/store/context.ts';
import type { PanelName } from '#ui/store/view.ts';
import { IconButton } from './IconButton.tsx';

/** A panel: a landmark with a title bar, that can fill the page. */
export function PanelFrame(props: {
  readonly name: PanelName;
  readonly title: string;
  /** Stands at the left of the bar instead of the title. */
  readonly heading?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  const { name, title, heading, actions, children } = props;
  const { view } = usePage();
  const filled = useView((state) => state.filled === name);
  return (
    <section
      aria-label={title}
      data-panel={name}
      className={`flex min-h-0 min-w-0 flex-col bg-panel ${filled ? 'fixed inset-x-0 bottom-0 top-(--bar) z-30' : 'h-full'}`}
    >
      <header className="relative z-10 flex h-10 shrink-0 items-center gap-1 border-b border-line pr-1 pl-3">
        {heading ?? <h2 className="truncate font-semibold">{title}</h2>}
        <div className="ml-auto flex items-center gap-0.5">
          {actions}
          <IconButton
            icon={filled ? Minimize2 : Maximize2}
            label={filled ? 'Back to the layout' : 'Fill the page'}
            tip="below-left"
            className="max-md:hidden"
            onClick={() => view.setState({ filled: filled ? null : name })}
          />
        </div>
      </header>
      <div className="relative min-h-0 flex-1">{children}</div>
    </section>
  );
}
