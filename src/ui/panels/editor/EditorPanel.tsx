import { FileDiff, Play, Plus, X } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Answers } from '#protocol/messages.ts';
import { Button } from '#ui/parts/Button.tsx';
import { IconButton } from '#ui/parts/IconButton.tsx';
import { PanelFrame } from '#ui/parts/PanelFrame.tsx';
import { usePage, useSession } from '#ui/store/context.ts';
import {
  closeFile,
  currentFile,
  editText,
  markSaved,
  newFile,
  renameFile,
  type EditorFile,
} from '#ui/store/editorFiles.ts';
import { announce } from '#ui/store/view.ts';
import { DiffView } from './DiffView.tsx';
import { OpenMenu } from './OpenMenu.tsx';
import { PlainEditor } from './PlainEditor.tsx';
import { Problems } from './Problems.tsx';
import { useProblems } from './useProblems.ts';

const MonacoEditor = lazy(() => import('./MonacoEditor.tsx'));

/** What can be applied: larger texts are refused before they are sent. */
const textCharactersMax = 3_000_000;

export function EditorPanel() {
  const { session, view, files, runCommand } = usePage();
  const file = useStore(files, currentFile);
  const running = useSession((state) => state.phase === 'running');
  const [diff, setDiff] = useState<Answers['dryRun'] | null>(null);
  const problems = useProblems(file.text);
  const monaco = useMonacoWanted();
  const empty = file.text.trim() === '';

  const apply = (): void => {
    setDiff(null);
    const { name, text } = currentFile(files.getState());
    if (text.trim() === '') return;
    if (text.length > textCharactersMax) {
      announce(view, 'This text is larger than the 3 MB that the API server takes.');
      return;
    }
    session.input({ type: 'writeFile', path: name, text });
    markSaved(files, name);
    runCommand(`kubectl apply -f ${name}`);
  };
  const showDiff = async (): Promise<void> => {
    try {
      setDiff(await session.ask({ type: 'dryRun', text: file.text }));
    } catch (error) {
      announce(view, `The diff cannot be shown: ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  return (
    <PanelFrame
      name="editor"
      title="Editor"
      heading={<FileTabs />}
      actions={
        <>
          <OpenMenu />
          <IconButton
            icon={FileDiff}
            label="Show what apply would change"
            tip="below-left"
            disabled={empty || !running}
            onClick={() => void showDiff()}
          />
          <Button
            look="primary"
            className="ml-1 h-7"
            disabled={empty || !running}
            aria-keyshortcuts="Control+Enter"
            title="Ctrl Enter"
            onClick={apply}
          >
            <Play aria-hidden="true" className="size-3.5" /> Apply
          </Button>
        </>
      }
    >
      <div className="flex h-full flex-col">
        <div className="relative min-h-0 flex-1" data-empty={empty || undefined}>
          <Suspense fallback={<PlainEditor file={file} onApply={apply} />}>
            {monaco ? (
              <MonacoEditor
                file={file}
                problems={problems}
                onChange={(text) => editText(files, file.name, text)}
                onApply={apply}
              />
            ) : (
              <PlainEditor file={file} onApply={apply} />
            )}
          </Suspense>
          {empty && <EmptyFile file={file} />}
          {diff !== null && <DiffView documents={diff} onApply={apply} onClose={() => setDiff(null)} />}
        </div>
        <Problems documents={problems} />
      </div>
    </PanelFrame>
  );
}

/** Monaco is a megabyte: it comes when the page is idle, and a plain field is there until then. */
function useMonacoWanted(): boolean {
  const [wanted, setWanted] = useState(false);
  const running = useSession((state) => state.phase === 'running');
  useEffect(() => {
    if (!running || wanted) return undefined;
    const timer = setTimeout(() => setWanted(true), 1200);
    return () => clearTimeout(timer);
  }, [running, wanted]);
  return wanted;
}

function FileTabs() {
  const { files } = usePage();
  const open = useStore(files, (state) => state.open);
  const current = useStore(files, (state) => currentFile(state).name);
  return (
    <div className="flex min-w-0 flex-1 items-center gap-0.5 self-stretch">
      <div
        role="group"
        aria-label="Open files"
        className="-ml-2 flex min-w-0 items-stretch self-stretch overflow-x-auto"
      >
        {open.map((file) => (
          <FileTab key={file.name} file={file} current={file.name === current} />
        ))}
      </div>
      <IconButton icon={Plus} label="New file" onClick={() => newFile(files)} />
    </div>
  );
}

function FileTab({ file, current }: { readonly file: EditorFile; readonly current: boolean }) {
  const { files } = usePage();
  const dirty = file.text !== (file.saved ?? '');
  const rename = (): void => {
    // oxlint-disable-next-line eslint/no-alert -- the one question the page asks; a dialog of our own would say the same
    const name = prompt('Name of the file', file.name);
    if (name !== null) renameFile(files, file.name, name);
  };
  return (
    <div
      className={`group flex shrink-0 items-center border-b-2 ${current ? 'border-accent text-text' : 'border-transparent text-dim'}`}
    >
      <button
        type="button"
        aria-current={current}
        title={current ? 'Double-click or F2 renames it' : undefined}
        onClick={() => files.setState({ current: file.name })}
        onDoubleClick={rename}
        onKeyDown={(event) => event.key === 'F2' && rename()}
        className="flex h-full items-center gap-1.5 pr-1 pl-2 hover:text-text"
      >
        {file.name}
        {dirty && <span role="img" aria-label="not applied" className="size-1.5 rounded-full bg-pending" />}
      </button>
      <button
        type="button"
        aria-label={`Close ${file.name}`}
        onClick={() => closeFile(files, file.name)}
        className="mr-1 rounded p-0.5 opacity-60 group-hover:opacity-100 hover:bg-raised focus-visible:opacity-100"
      >
        <X aria-hidden="true" className="size-3.5" />
      </button>
    </div>
  );
}

const example = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: nginx
          image: nginx:1.27
          resources:
            requests:
              cpu: 100m
              memory: 64Mi
`;

function EmptyFile({ file }: { readonly file: EditorFile }) {
  const { files } = usePage();
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
      <Button className="pointer-events-auto bg-panel" onClick={() => editText(files, file.name, example)}>
        Start from a Deployment
      </Button>
    </div>
  );
}
