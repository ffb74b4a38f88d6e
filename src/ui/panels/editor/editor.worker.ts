// Monaco's own worker, as an entry of our own so that Vite builds it.
import 'monaco-editor/editor/editor.worker';
