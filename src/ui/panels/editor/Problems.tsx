import { CircleAlert, TriangleAlert } from 'lucide-react';
import type { Answers } from '#protocol/messages.ts';
import { lineOfError } from './lineOfError.ts';

/** What the server would say to this text, before it is applied. */
export function Problems({ documents }: { readonly documents: Answers['dryRun'] }) {
  const found = documents.filter((document) => document.error !== null || document.warnings.length > 0);
  return (
    <div
      role="status"
      aria-label="Problems"
      className={
        found.length === 0 ? 'sr-only' : 'max-h-[35%] shrink-0 overflow-auto border-t border-line px-3 py-1.5'
      }
    >
      {found.map((document) => (
        <div key={`${document.line} ${document.name}`}>
          {document.error !== null && (
            <p className="flex gap-2 text-failing">
              <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
              <span className="min-w-0 break-words">
                {document.line > 0 && (
                  <span className="num">Line {lineOfError(document.line, document.error)}: </span>
                )}
                {document.error}
              </span>
            </p>
          )}
          {document.warnings.map((warning) => (
            <p key={warning} className="flex gap-2 text-pending">
              <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
              <span className="min-w-0 break-words">{warning}</span>
            </p>
          ))}
        </div>
      ))}
    </div>
  );
}
