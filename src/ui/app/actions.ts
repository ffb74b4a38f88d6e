import type { Page } from '#ui/store/context.ts';
import { newFile } from '#ui/store/editorFiles.ts';
import { inspect, type GraphView, type PanelName } from '#ui/store/view.ts';
import { panelOrder } from './shortcuts.ts';

/** Something the page can do, as the palette lists it. */
export interface Action {
  readonly id: string;
  readonly group: 'Time' | 'View' | 'Session' | 'Run' | 'Go to';
  readonly title: string;
  readonly keys?: string;
  run(): void;
}

const graphViews: readonly GraphView[] = ['nodes', 'workloads', 'network', 'list'];
const commands = [
  'kubectl get pods -A',
  'kubectl get nodes -o wide',
  'kubectl get events',
  'kubectl create deployment web --image=nginx',
  'kubectl top nodes',
];
/** How many things of the cluster the palette offers to go to. */
const rowsMax = 300;

/** All that can be done now. */
export function actionsOf(page: Page): Action[] {
  return [
    ...timeActions(page),
    ...viewActions(page),
    ...sessionActions(page),
    ...runActions(page),
    ...goActions(page),
  ];
}

function timeActions({ session }: Page): Action[] {
  const { speed, runningSpeed } = session.state.getState();
  const paused = speed === 0;
  return [
    {
      id: 'pause',
      group: 'Time',
      title: paused ? 'Run' : 'Pause',
      keys: 'Alt P',
      run: () => session.input({ type: 'speed', speed: paused ? runningSpeed : 0 }),
    },
    ...(paused
      ? [
          {
            id: 'step',
            group: 'Time',
            title: 'Step to the next write',
            keys: 'Alt .',
            run: () => session.input({ type: 'step' }),
          } as const,
        ]
      : []),
    ...([1, 10, 60, 'max'] as const).map((wanted) => ({
      id: `speed-${wanted}`,
      group: 'Time' as const,
      title: wanted === 'max' ? 'Speed: as fast as it can' : `Speed: ${wanted}×`,
      run: () => session.input({ type: 'speed', speed: wanted }),
    })),
  ];
}

function viewActions({ view, files }: Page): Action[] {
  const { theme, presenter, legendOpen, timelineOpen, showSystem, lessonOpen } = view.getState();
  const action = (id: string, title: string, run: () => void, keys?: string): Action => ({
    id,
    group: 'View',
    title,
    run,
    ...(keys === undefined ? {} : { keys }),
  });
  return [
    ...graphViews.map((name) =>
      action(`graph-${name}`, `Graph: ${name}`, () => view.setState({ graphView: name, phoneTab: 'graph' })),
    ),
    ...panelOrder.map((name: PanelName) =>
      action(`fill-${name}`, `Fill the page with the ${name}`, () =>
        view.setState({ filled: name, phoneTab: name }),
      ),
    ),
    action('unfill', 'Back to the layout', () => view.setState({ filled: null }), 'Esc'),
    action('theme', theme === 'dark' ? 'Light theme' : 'Dark theme', () =>
      view.setState({ theme: theme === 'dark' ? 'light' : 'dark' }),
    ),
    action('presenter', presenter ? 'Leave presenter mode' : 'Presenter mode', () =>
      view.setState({ presenter: !presenter }),
    ),
    action(
      'legend',
      legendOpen ? 'Hide the legend' : 'Show the legend',
      () => view.setState({ legendOpen: !legendOpen }),
      'Alt L',
    ),
    action('timeline', timelineOpen ? 'Close the timeline' : 'Open the timeline', () =>
      view.setState({ timelineOpen: !timelineOpen }),
    ),
    action('system', showSystem ? 'Hide system pods' : 'Show system pods', () =>
      view.setState({ showSystem: !showSystem }),
    ),
    action('lesson', lessonOpen ? 'Hide the lesson' : 'Show the lesson', () =>
      view.setState({ lessonOpen: !lessonOpen }),
    ),
    action('new-file', 'New file', () => newFile(files)),
    action('keys', 'Keyboard', () => view.setState({ dialog: 'keys' }), 'Alt /'),
  ];
}

function sessionActions({ session, view }: Page): Action[] {
  return [
    { id: 'undo', group: 'Session', title: 'Undo the last input', run: () => session.undo() },
    { id: 'reset', group: 'Session', title: 'Reset to the scenario’s start', run: () => session.reset() },
    {
      id: 'share',
      group: 'Session',
      title: 'Share this session',
      run: () => view.setState({ dialog: 'share' }),
    },
    {
      id: 'gallery',
      group: 'Session',
      title: 'Lessons and scenarios',
      run: () => view.setState({ dialog: 'gallery' }),
    },
  ];
}

function runActions({ runCommand }: Page): Action[] {
  return commands.map((command) => ({
    id: `run-${command}`,
    group: 'Run',
    title: command,
    run: () => runCommand(command),
  }));
}

function goActions({ session, view }: Page): Action[] {
  const actions: Action[] = [];
  for (const row of session.rows.values()) {
    if (row.type === 'edge') continue;
    const kind = row.type === 'workload' ? row.kind : row.type;
    actions.push({
      id: row.id,
      group: 'Go to',
      title: `${kind} ${row.name}`,
      run: () => inspect(view, row.id),
    });
    if (actions.length >= rowsMax) break;
  }
  return actions;
}
