import { Copy, Download, FolderOpen } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { Recipe } from '#classroom/recipe.ts';
import { linkLengthMax, readShareLink, writeShareLink } from '#classroom/shareLink.ts';
import { plural } from '#ui/parts/format.ts';
import { Button } from '#ui/parts/Button.tsx';
import { Modal } from '#ui/parts/Modal.tsx';
import { usePage } from '#ui/store/context.ts';
import { announce } from '#ui/store/view.ts';
import { RecipeSteps } from './RecipeSteps.tsx';

/** A link that holds the whole session: nothing is stored anywhere else. */
export default function ShareDialog() {
  const { session, view } = usePage();
  const [recipe, setRecipe] = useState<Recipe | null>(null);
  const [error, setError] = useState('');
  useEffect(() => {
    session.ask({ type: 'recipe' }).then(setRecipe, (failure: Error) => setError(failure.message));
  }, [session]);
  const fragment = recipe === null ? '' : writeShareLink(recipe);
  const link = `${location.href.replace(/#.*$/u, '')}#${fragment}`;
  const tooLong = fragment.length > linkLengthMax;
  return (
    <Modal
      title="Share this session"
      description="The link holds the scenario and everything you did. Whoever opens it gets the same cluster; nothing is uploaded."
      onClose={() => view.setState({ dialog: null })}
    >
      {recipe === null ? (
        <p className={error === '' ? 'text-dim' : 'text-failing'}>
          {error === '' ? 'Writing the link …' : error}
        </p>
      ) : (
        <div className="flex flex-col gap-4">
          {tooLong ? (
            <p>
              This session is too long for a link ({plural(recipe.inputs.length, 'input')}). Save it as a file
              instead.
            </p>
          ) : (
            <div className="flex gap-2">
              <input
                readOnly
                aria-label="Link"
                value={link}
                onFocus={(event) => event.target.select()}
                className="h-8 min-w-0 flex-1 rounded-md border border-line-strong bg-sunken px-2 font-mono"
              />
              <Button
                look="primary"
                onClick={() => {
                  history.replaceState(null, '', `#${fragment}`);
                  void navigator.clipboard.writeText(link).then(
                    () => announce(view, 'The link is copied.'),
                    () =>
                      announce(view, 'The browser did not allow copying; the link is in the address bar.'),
                  );
                }}
              >
                <Copy aria-hidden="true" className="size-4" /> Copy
              </Button>
            </div>
          )}
          <div className="flex gap-2">
            <Button onClick={() => saveFile(fragment)}>
              <Download aria-hidden="true" className="size-4" /> Save as a file
            </Button>
            <OpenFile />
          </div>
          <div>
            <h3 className="mb-1 font-semibold">What it will do</h3>
            <RecipeSteps recipe={recipe} />
          </div>
        </div>
      )}
    </Modal>
  );
}

/** A session too long for a link travels as a file with the same text. */
function OpenFile() {
  const { view } = usePage();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".podarium,text/plain"
        aria-label="Session file"
        className="hidden"
        onChange={(event) => {
          void event.target.files?.[0]
            ?.text()
            .then((text) => view.setState({ link: readShareLink(text.trim()), dialog: 'link' }));
        }}
      />
      <Button onClick={() => input.current?.click()}>
        <FolderOpen aria-hidden="true" className="size-4" /> Open a file
      </Button>
    </>
  );
}

function saveFile(fragment: string): void {
  const url = URL.createObjectURL(new Blob([fragment], { type: 'text/plain' }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = 'session.podarium';
  anchor.click();
  URL.revokeObjectURL(url);
}
