import { ChevronDown, Command, Moon, PanelLeft, Presentation, Share2, Sun, Undo2 } from 'lucide-react';
import { IconButton } from '#ui/parts/IconButton.tsx';
import { usePage, useSession, useView } from '#ui/store/context.ts';
import { HealthLine } from './HealthLine.tsx';
import { Logo } from './Logo.tsx';
import { TimeControls } from './TimeControls.tsx';

export function TopBar() {
  const { view, session } = usePage();
  const theme = useView((state) => state.theme);
  const presenter = useView((state) => state.presenter);
  const lessonOpen = useView((state) => state.lessonOpen);
  const inputCount = useSession((state) => state.inputCount);
  const scenario = useSession((state) => state.scenario);
  return (
    <header className="@container relative z-40 shrink-0 border-b border-line bg-panel">
      <div className="flex min-h-(--bar) items-center gap-2 px-2 max-md:flex-wrap max-md:py-1.5 @4xl:gap-3">
        <IconButton
          icon={PanelLeft}
          label={lessonOpen ? 'Hide the lesson' : 'Show the lesson'}
          pressed={lessonOpen}
          tip="below-right"
          className="max-md:hidden"
          onClick={() => view.setState({ lessonOpen: !lessonOpen, filled: null })}
        />
        <h1 className="flex items-center gap-2 font-semibold tracking-tight">
          <Logo />
          <span className="text-lg max-[1100px]:sr-only max-md:not-sr-only">Podarium</span>
        </h1>
        <button
          type="button"
          onClick={() => view.setState({ dialog: 'gallery' })}
          aria-label={`Scenario: ${scenario || 'empty'}. Open the gallery`}
          className="flex h-8 min-w-0 items-center gap-1.5 rounded-md border border-transparent px-2 text-dim hover:border-line hover:bg-raised hover:text-text"
        >
          <span className="max-w-44 min-w-10 truncate">{scenario || 'empty'}</span>
          <ChevronDown aria-hidden="true" className="size-4 shrink-0" />
        </button>
        <TimeControls />
        <HealthLine />
        <div className="ml-auto flex items-center max-md:order-1">
          <IconButton
            icon={Undo2}
            label="Undo the last input"
            disabled={inputCount === 0}
            tip="below-left"
            onClick={() => session.undo()}
          />
          <IconButton
            icon={Command}
            label="All actions"
            keys="Ctrl K"
            tip="below-left"
            onClick={() => view.setState({ dialog: 'palette' })}
          />
          <IconButton
            icon={Share2}
            label="Share"
            tip="below-left"
            onClick={() => view.setState({ dialog: 'share' })}
          />
          <IconButton
            icon={Presentation}
            label="Presenter mode"
            pressed={presenter}
            tip="below-left"
            className="max-md:hidden"
            onClick={() => view.setState({ presenter: !presenter })}
          />
          <IconButton
            icon={theme === 'dark' ? Sun : Moon}
            label={theme === 'dark' ? 'Light theme' : 'Dark theme'}
            tip="below-left"
            onClick={() => view.setState({ theme: theme === 'dark' ? 'light' : 'dark' })}
          />
        </div>
      </div>
    </header>
  );
}
