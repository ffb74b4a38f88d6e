import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Memory } from './view.ts';

/** A file that is open in the editor. */
export interface EditorFile {
  readonly name: string;
  readonly text: string;
  /** What the workstation has, or null for a file that it does not know. */
  readonly saved: string | null;
}

export interface EditorState {
  readonly open: readonly EditorFile[];
  /** Name of the one that is shown. */
  readonly current: string;
}

export type EditorFiles = StoreApi<EditorState>;

const key = 'podarium.editor';
/** Typing is saved when it rests. */
const saveAfterMs = 300;
const firstFile: EditorFile = { name: 'untitled.yaml', text: '', saved: null };

/** The open files. Text that is not applied yet survives a reload, as everything that was typed does. */
export function createEditorFiles(memory: Memory): EditorFiles {
  const files = createStore<EditorState>(
    () => recall(memory) ?? { open: [firstFile], current: firstFile.name },
  );
  let timer: ReturnType<typeof setTimeout> | undefined;
  files.subscribe(() => {
    clearTimeout(timer);
    timer = setTimeout(() => saveFiles(files, memory), saveAfterMs);
  });
  return files;
}

/** Writes the open files down now: the page is about to go. */
export function saveFiles(files: EditorFiles, memory: Memory): void {
  memory.setItem(key, JSON.stringify(files.getState()));
}

function recall(memory: Memory): EditorState | null {
  try {
    const state = JSON.parse(memory.getItem(key) ?? 'null') as EditorState | null;
    if (state === null || !Array.isArray(state.open) || state.open.length === 0) return null;
    return state.open.every((file) => typeof file.name === 'string' && typeof file.text === 'string')
      ? state
      : null;
  } catch {
    return null;
  }
}

export function currentFile({ open, current }: EditorState): EditorFile {
  return open.find((file) => file.name === current) ?? open[0] ?? firstFile;
}

export function editText(files: EditorFiles, name: string, text: string): void {
  files.setState(({ open }) => ({
    open: open.map((file) => (file.name === name && file.text !== text ? { ...file, text } : file)),
  }));
}

/** Opens a file, or shows it when it is open. `saved` is what the workstation has. */
export function openFile(files: EditorFiles, name: string, text: string, saved: string | null = null): void {
  files.setState(({ open }) => {
    const rest = open.filter(
      (file) => file.name !== name && !(file.name === firstFile.name && file.text === ''),
    );
    return { open: [...rest, { name, text, saved }], current: name };
  });
}

export function newFile(files: EditorFiles): void {
  files.setState(({ open }) => {
    let index = 0;
    const nameOf = (): string => (index === 0 ? firstFile.name : `untitled-${index}.yaml`);
    while (open.some((file) => file.name === nameOf())) index += 1;
    return { open: [...open, { ...firstFile, name: nameOf() }], current: nameOf() };
  });
}

export function closeFile(files: EditorFiles, name: string): void {
  files.setState(({ open, current }) => {
    const rest = open.filter((file) => file.name !== name);
    const left = rest.length === 0 ? [firstFile] : rest;
    return {
      open: left,
      current: left.some((file) => file.name === current) ? current : (left.at(-1)?.name ?? firstFile.name),
    };
  });
}

/** Renames an open file, unless the name is taken or cannot be one. */
export function renameFile(files: EditorFiles, from: string, to: string): void {
  const name = to.trim();
  if (name === '' || /[\s'"$`\\;|&<>()]/u.test(name)) return;
  files.setState((state) =>
    state.open.some((file) => file.name === name)
      ? state
      : {
          open: state.open.map((file) => (file.name === from ? { ...file, name, saved: null } : file)),
          current: state.current === from ? name : state.current,
        },
  );
}

export function markSaved(files: EditorFiles, name: string): void {
  files.setState(({ open }) => ({
    open: open.map((file) => (file.name === name ? { ...file, saved: file.text } : file)),
  }));
}
