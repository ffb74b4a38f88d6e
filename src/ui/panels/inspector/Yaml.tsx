import { Copy, FilePen } from 'lucide-react';
import type { Row } from '#protocol/rows.ts';
import { Button } from '#ui/parts/Button.tsx';
import { Scrollable } from '#ui/parts/Scrollable.tsx';
import { usePage } from '#ui/store/context.ts';
import { announce } from '#ui/store/view.ts';
import { useAnswer } from './useAnswer.ts';
import { Waiting } from './Waiting.tsx';

/** The live object. It is edited in the editor, as a file, so that every change is an apply. */
export function Yaml({ id, row }: { readonly id: string; readonly row: Row | undefined }) {
  const { answer, error } = useAnswer({ type: 'object', rowId: id });
  const { view, openInEditor } = usePage();
  if (error !== null) return <Waiting error={error} />;
  if (answer === null)
    return <p className="p-3 text-dim">{row === undefined ? 'It is gone.' : 'Asking …'}</p>;
  const name = id.slice(id.lastIndexOf('/') + 1);
  return (
    <div className="relative h-full">
      <div className="absolute top-2 right-4 z-10 flex gap-2">
        <Button
          onClick={() => {
            void navigator.clipboard.writeText(answer.yaml).then(() => announce(view, 'Copied.'));
          }}
        >
          <Copy aria-hidden="true" className="size-4" /> Copy
        </Button>
        <Button onClick={() => openInEditor(`${answer.kind.toLowerCase()}-${name}.yaml`, answer.yaml)}>
          <FilePen aria-hidden="true" className="size-4" /> Edit
        </Button>
      </div>
      <Scrollable label="YAML" className="h-full bg-sunken">
        <pre className="p-3 font-mono leading-snug">{answer.yaml}</pre>
      </Scrollable>
    </div>
  );
}
