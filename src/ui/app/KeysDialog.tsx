import { Modal } from '#ui/parts/Modal.tsx';
import { usePage } from '#ui/store/context.ts';

const keys: readonly (readonly [string, string])[] = [
  ['Ctrl K', 'All actions'],
  ['Alt 1 … Alt 5', 'Go to the lesson, graph, editor, terminal, inspector'],
  ['Alt P', 'Pause and run'],
  ['Alt .', 'Step to the next write, while paused'],
  ['Alt L', 'Legend'],
  ['Alt /', 'This list'],
  ['Escape', 'Leave a filled panel, close the inspector'],
  [
    'Arrow keys',
    'In the graph: from thing to thing; in the timeline: from line to line; on a border: move it',
  ],
  ['Enter', 'In the graph: inspect'],
  ['Ctrl Enter', 'In the editor: apply'],
  ['Ctrl M', 'In the editor: let Tab leave it'],
  ['Shift Tab', 'In the terminal: leave it'],
  ['Tab, Ctrl R, Ctrl C, Ctrl D', 'In the terminal: complete, search the history, interrupt, end'],
];

export default function KeysDialog() {
  const { view } = usePage();
  return (
    <Modal
      title="Keyboard"
      description="Everything on the page can be reached without a mouse."
      onClose={() => view.setState({ dialog: null })}
    >
      <dl className="grid grid-cols-[max-content_1fr] items-baseline gap-x-5 gap-y-2">
        {keys.map(([key, meaning]) => (
          <div key={key} className="contents">
            <dt>
              <kbd className="kbd">{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
