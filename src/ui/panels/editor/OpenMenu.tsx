import { FolderOpen } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '#ui/parts/IconButton.tsx';
import { usePage } from '#ui/store/context.ts';
import { openFile } from '#ui/store/editorFiles.ts';
import { announce } from '#ui/store/view.ts';

/** Opens a file of the workstation: the same files that the shell sees. */
export function OpenMenu() {
  const { session, files, view } = usePage();
  const [names, setNames] = useState<readonly string[] | null>(null);
  const show = async (): Promise<void> => {
    if (names !== null) {
      setNames(null);
      return;
    }
    setNames(await session.ask({ type: 'listFiles' }).catch(() => []));
  };
  const open = async (name: string): Promise<void> => {
    setNames(null);
    const text = await session.ask({ type: 'readFile', path: name }).catch(() => null);
    if (text === null) announce(view, `${name} cannot be read.`);
    else openFile(files, name, text, text);
  };
  return (
    <div
      className="relative"
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setNames(null);
      }}
    >
      <IconButton
        icon={FolderOpen}
        label="Open a file of the workstation"
        pressed={names !== null}
        tip="below-left"
        onClick={() => void show()}
      />
      {names !== null && (
        <ul
          aria-label="Files of the workstation"
          className="absolute top-9 right-0 z-30 max-h-72 min-w-52 overflow-auto rounded-lg border border-line-strong bg-panel p-1 shadow-(--shadow)"
        >
          {names.length === 0 && <li className="px-2 py-1 text-dim">No files yet</li>}
          {names.map((name) => (
            <li key={name}>
              <button
                type="button"
                onClick={() => void open(name)}
                className="w-full rounded-md px-2 py-1 text-left font-mono hover:bg-raised"
              >
                {name}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
