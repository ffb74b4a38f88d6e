// The worker of monaco-yaml, as an entry of our own so that Vite builds it.
import 'monaco-yaml/yaml.worker.js';
