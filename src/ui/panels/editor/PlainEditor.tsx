import { usePage } from '#ui/store/context.ts';
import { editText, type EditorFile } from '#ui/store/editorFiles.ts';

/** The editor until Monaco has come: a field that already applies. */
export function PlainEditor({ file, onApply }: { readonly file: EditorFile; readonly onApply: () => void }) {
  const { files } = usePage();
  return (
    <textarea
      aria-label={`Text of ${file.name}`}
      value={file.text}
      spellCheck={false}
      autoCapitalize="off"
      onChange={(event) => editText(files, file.name, event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        onApply();
      }}
      className="absolute inset-0 resize-none bg-sunken px-4 py-2 font-mono leading-[1.5] outline-none"
    />
  );
}
