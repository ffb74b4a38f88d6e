import * as monaco from 'monaco-editor/editor';
import 'monaco-editor/features/register.all';
import 'monaco-editor/languages/definitions/yaml/register';
import { configureMonacoYaml, type MonacoYaml } from 'monaco-yaml';

const yamlWorker = (): Worker => new Worker(new URL('./yaml.worker.ts', import.meta.url), { type: 'module' });
const editorWorker = (): Worker =>
  new Worker(new URL('./editor.worker.ts', import.meta.url), { type: 'module' });

globalThis.MonacoEnvironment = {
  getWorker: (_moduleId, label) => (label === 'yaml' ? yamlWorker() : editorWorker()),
};

interface OldWorkerOptions {
  readonly moduleId?: string;
  readonly label?: string;
  readonly createData?: unknown;
  readonly worker?: Worker | Promise<Worker>;
}

/**
 * monaco-worker-manager names a module and its data; Monaco 0.57 wants the worker itself. The worker's entry
 * expects two messages before its first: one to be ignored, then its data.
 */
const api = {
  ...monaco,
  editor: {
    ...monaco.editor,
    createWebWorker(options: OldWorkerOptions) {
      const worker = yamlWorker();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
      worker.postMessage('ignore');
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- as above
      worker.postMessage(options.createData);
      return monaco.editor.createWebWorker({ ...options, worker: Promise.resolve(worker) });
    },
  },
};

let yaml: MonacoYaml | null = null;

/** Configured once for the page: every further time would double each completion. */
function configured(): MonacoYaml {
  yaml ??= configureMonacoYaml(api, {
    enableSchemaRequest: false,
    yamlVersion: '1.1',
    schemas: [],
  });
  return yaml;
}
configured();

/** The schema of every manifest that the cluster takes, custom kinds too. */
export async function setSchema(schema: unknown): Promise<void> {
  await configured().update({
    schemas: [{ uri: 'podarium://kinds.json', fileMatch: ['*'], schema: schema as never }],
  });
}

for (const theme of ['dark', 'light'] as const) {
  const dark = theme === 'dark';
  monaco.editor.defineTheme(`podarium-${theme}`, {
    base: dark ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [
      { token: 'type.yaml', foreground: dark ? '7db2ff' : '2456c9' },
      { token: 'string.yaml', foreground: dark ? 'b9d7a8' : '2f6b1f' },
      { token: 'number.yaml', foreground: dark ? 'ecc15c' : '8a5a00' },
      { token: 'keyword.yaml', foreground: dark ? 'd7a3f5' : '8333a8' },
      { token: 'comment.yaml', foreground: dark ? '8793a5' : '5b6675' },
    ],
    colors: {
      'editor.background': dark ? '#0a0e14' : '#f5f7fa',
      'editor.foreground': dark ? '#e3e9f1' : '#1f2733',
      'editorLineNumber.foreground': dark ? '#8793a6' : '#667182',
      'editor.lineHighlightBackground': dark ? '#141a23' : '#eaeef4',
      'editor.lineHighlightBorder': '#00000000',
      focusBorder: '#00000000',
    },
  });
}

export { monaco };
