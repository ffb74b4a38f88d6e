import { Check, X } from 'lucide-react';
import type { Answers } from '#protocol/messages.ts';
import { Button } from '#ui/parts/Button.tsx';
import { Scrollable } from '#ui/parts/Scrollable.tsx';
import { lineDiff, withContext } from './lineDiff.ts';

const contextLines = 3;
const signs = { same: ' ', removed: '-', added: '+' } as const;
const looks = {
  same: 'text-dim',
  removed: 'bg-failing/15',
  added: 'bg-running/15',
};

/** What an apply would change, document by document, before it is done. */
export function DiffView(props: {
  readonly documents: Answers['dryRun'];
  readonly onApply: () => void;
  readonly onClose: () => void;
}) {
  const { documents, onApply, onClose } = props;
  return (
    <div className="absolute inset-0 z-10 flex flex-col bg-panel">
      <div className="flex shrink-0 items-center gap-2 border-b border-line px-3 py-1.5">
        <h3 className="font-semibold">What apply would change</h3>
        <span className="ml-auto" />
        <Button look="primary" onClick={onApply}>
          <Check aria-hidden="true" className="size-4" /> Apply
        </Button>
        <Button onClick={onClose}>
          <X aria-hidden="true" className="size-4" /> Back
        </Button>
      </div>
      <Scrollable label="Differences" className="min-h-0 flex-1 p-3">
        {documents.map((document) => (
          <section key={`${document.line} ${document.name}`} className="mb-4">
            <h4 className="font-medium">{document.name}</h4>
            <DocumentDiff document={document} />
          </section>
        ))}
      </Scrollable>
    </div>
  );
}

function DocumentDiff({ document }: { readonly document: Answers['dryRun'][number] }) {
  if (document.error !== null) return <p className="break-words text-failing">{document.error}</p>;
  const lines = withContext(lineDiff(document.live ?? '', document.merged ?? ''), contextLines);
  if (!lines.some((line) => line !== null && line.type !== 'same'))
    return <p className="text-dim">It is already like this.</p>;
  return (
    <pre className="mt-1 overflow-x-auto rounded-md border border-line bg-sunken py-1 font-mono leading-snug">
      {lines.map((line, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- lines have no other identity
        <div key={index} className={`px-2 ${line === null ? 'text-dim' : looks[line.type]}`}>
          {line === null ? '⋯' : `${signs[line.type]} ${line.text}`}
        </div>
      ))}
    </pre>
  );
}
