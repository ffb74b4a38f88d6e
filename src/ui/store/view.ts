import type { ReadLink } from '#classroom/shareLink.ts';
import { createStore, type StoreApi } from 'zustand/vanilla';

export type Theme = 'dark' | 'light';
export type GraphView = 'nodes' | 'workloads' | 'network' | 'list';
/** The panels that can fill the page, and the tabs of a phone. */
export type PanelName = 'lesson' | 'graph' | 'editor' | 'terminal' | 'inspector';
export type InspectorTab = 'status' | 'yaml' | 'events' | 'logs' | 'why' | 'scheduling';
export type DialogName = 'share' | 'gallery' | 'keys' | 'palette' | 'link' | null;

/** What is remembered from visit to visit. */
interface Preferences {
  readonly theme: Theme;
  readonly presenter: boolean;
  readonly lessonOpen: boolean;
  readonly timelineOpen: boolean;
  readonly graphView: GraphView;
  readonly showSystem: boolean;
  readonly legendOpen: boolean;
  /** The lesson that is open. */
  readonly lessonId: string | null;
}

export interface ViewState extends Preferences {
  readonly filled: PanelName | null;
  readonly phoneTab: PanelName;
  /** The row that the inspector is about. */
  readonly selected: string | null;
  readonly inspectorTab: InspectorTab;
  readonly dialog: DialogName;
  /** What the address bar brought. */
  readonly link: ReadLink | null;
  /** Said once by the live region, and shown for a moment. */
  readonly notice: { readonly text: string; readonly sequence: number };
}

/** What of `Storage` is needed; a browser that forbids storage gets one that forgets. */
export type Memory = Pick<Storage, 'getItem' | 'setItem'>;

const key = 'podarium.view';
const remembered = [
  'theme',
  'presenter',
  'lessonOpen',
  'timelineOpen',
  'graphView',
  'showSystem',
  'legendOpen',
  'lessonId',
] as const;

export type View = StoreApi<ViewState>;

/** `defaults` are what the device suggests: its colour scheme, whether there is room for the lesson. */
export function createView(memory: Memory, defaults: Partial<Preferences>): View {
  const view = createStore<ViewState>(() => ({
    theme: 'dark',
    presenter: false,
    lessonOpen: true,
    timelineOpen: true,
    graphView: 'nodes',
    showSystem: true,
    legendOpen: false,
    lessonId: null,
    ...defaults,
    ...recall(memory),
    filled: null,
    phoneTab: 'graph',
    selected: null,
    inspectorTab: 'status',
    dialog: null,
    link: null,
    notice: { text: '', sequence: 0 },
  }));
  view.subscribe((state, before) => {
    if (remembered.every((name) => state[name] === before[name])) return;
    memory.setItem(key, JSON.stringify(Object.fromEntries(remembered.map((name) => [name, state[name]]))));
  });
  return view;
}

function recall(memory: Memory): Partial<Preferences> {
  try {
    const value: unknown = JSON.parse(memory.getItem(key) ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    const known = new Set<string>(remembered);
    return Object.fromEntries(Object.entries(value).filter(([name]) => known.has(name)));
  } catch {
    return {};
  }
}

/** Shows a short message and has it read aloud. */
export function announce(view: View, text: string): void {
  view.setState(({ notice }) => ({ notice: { text, sequence: notice.sequence + 1 } }));
}

/** Opens the inspector. */
export function inspect(view: View, rowId: string, tab: InspectorTab = 'status'): void {
  view.setState(({ phoneTab }) => ({
    selected: rowId,
    inspectorTab: tab,
    phoneTab: phoneTab === 'terminal' || phoneTab === 'editor' ? 'graph' : phoneTab,
  }));
}
