import { useEffect, useRef } from 'react';
import type { Answers } from '#protocol/messages.ts';
import { usePage, useSession, useView } from '#ui/store/context.ts';
import type { EditorFile } from '#ui/store/editorFiles.ts';
import { currentFile } from '#ui/store/editorFiles.ts';
import { lineOfError } from './lineOfError.ts';
import { monaco, setSchema } from './monaco.ts';

interface Props {
  readonly file: EditorFile;
  readonly problems: Answers['dryRun'];
  readonly onChange: (text: string) => void;
  readonly onApply: () => void;
}

/** Monaco over the open files: a model for each, so that undo and the cursor stay with their file. */
export default function MonacoEditor({ file, problems, onChange, onApply }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<monaco.editor.IStandaloneCodeEditor>(null);
  const latest = useRef({ onChange, onApply });
  useEffect(() => {
    latest.current = { onChange, onApply };
  });
  const { session, files } = usePage();
  const theme = useView((state) => state.theme);
  const presenter = useView((state) => state.presenter);

  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const { text, name } = currentFile(files.getState());
    const made = monaco.editor.create(element, {
      model: modelOf(name, text),
      automaticLayout: true,
      fontFamily: "'JetBrains Mono Variable', ui-monospace, monospace",
      fontSize: 14,
      lineHeight: 1.5,
      minimap: { enabled: false },
      stickyScroll: { enabled: false },
      scrollBeyondLastLine: false,
      // The number of an empty last line is otherwise too pale to be read.
      renderFinalNewline: 'on',
      padding: { top: 8, bottom: 8 },
      lineNumbersMinChars: 3,
      tabSize: 2,
      insertSpaces: true,
      renderLineHighlight: 'line',
      quickSuggestions: { strings: true, other: true, comments: false },
      fixedOverflowWidgets: true,
      overviewRulerLanes: 0,
      smoothScrolling: false,
      ariaLabel: 'Manifest',
    });
    editor.current = made;
    made.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter, () => latest.current.onApply());
    const typed = made.onDidChangeModelContent(() => latest.current.onChange(made.getValue()));
    return () => {
      typed.dispose();
      made.dispose();
      editor.current = null;
    };
  }, [files]);

  // A definition of custom resources makes kinds at run time: they are completed and checked like all others.
  const kinds = useSession((state) => state.kinds);
  useEffect(() => {
    if (kinds === 0) return;
    void session
      .ask({ type: 'schema' })
      .then(setSchema)
      // Without schemas it is an editor all the same, and the server still says what it would reject.
      .catch(() => undefined);
  }, [session, kinds]);

  useEffect(() => {
    const made = editor.current;
    if (made === null) return;
    const model = modelOf(file.name, file.text);
    if (made.getModel() !== model) made.setModel(model);
    else if (model.getValue() !== file.text) model.setValue(file.text);
  }, [file.name, file.text]);

  useEffect(() => {
    const model = monaco.editor.getModel(monaco.Uri.file(file.name));
    if (model === null) return;
    monaco.editor.setModelMarkers(
      model,
      'server',
      problems.flatMap((document) =>
        document.error === null
          ? []
          : [markerAt(model, lineOfError(document.line, document.error), document.error)],
      ),
    );
  }, [problems, file.name]);

  useEffect(() => {
    monaco.editor.setTheme(`podarium-${theme}`);
    editor.current?.updateOptions({ fontSize: presenter ? 18 : 14 });
  }, [theme, presenter]);

  return <div ref={place} className="absolute inset-0" />;
}

function modelOf(name: string, text: string): monaco.editor.ITextModel {
  const uri = monaco.Uri.file(name);
  return (
    monaco.editor.getModel(uri) ??
    monaco.editor.createModel(text, /\.ya?ml$/u.test(name) ? 'yaml' : undefined, uri)
  );
}

function markerAt(model: monaco.editor.ITextModel, line: number, message: string): monaco.editor.IMarkerData {
  const at = Math.min(Math.max(1, line), model.getLineCount());
  return {
    severity: monaco.MarkerSeverity.Error,
    message,
    source: 'kube-apiserver',
    startLineNumber: at,
    endLineNumber: at,
    startColumn: model.getLineFirstNonWhitespaceColumn(at) || 1,
    endColumn: model.getLineMaxColumn(at),
  };
}
