import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { load } from 'js-yaml';
import { readFileSync } from 'node:fs';

/**
 * Nothing from another host, no code generation. Styles may be inline because Monaco and xterm write style
 * elements; workers come from the page's own files.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self' blob:",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function contentSecurity(): Plugin {
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: contentSecurityPolicy },
        injectTo: 'head-prepend',
      },
    ],
  };
}

/** Scenarios and lessons are data: a YAML file is imported as the object that it describes. */
function yamlData(): Plugin {
  return {
    name: 'yaml-data',
    transform(code, id) {
      if (!id.endsWith('.yaml')) return null;
      return { code: `export default ${JSON.stringify(load(code))};`, map: null, moduleType: 'js' };
    },
  };
}

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const fromRoot = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig(({ mode }) => ({
  base: './',
  define: { __BUILD__: JSON.stringify(version) },
  plugins: [react(), tailwindcss(), yamlData(), contentSecurity()],
  resolve: {
    alias: [
      // monaco-worker-manager asks for a path that Monaco 0.57 no longer exports.
      {
        find: /^monaco-editor\/esm\/vs\/(.*)$/u,
        replacement: `${fromRoot('node_modules/monaco-editor/esm/vs/')}$1`,
      },
      // `vite build --mode fixture`: the page over a made-up session, to look at it without a worker.
      ...(mode === 'fixture'
        ? [{ find: '#ui/app/openWorker.ts', replacement: fromRoot('src/ui/testing/openFixture.ts') }]
        : []),
    ],
  },
  optimizeDeps: { include: ['monaco-editor/editor', 'monaco-yaml'] },
  worker: {
    format: 'es',
    plugins: () => [yamlData()],
    rolldownOptions: { output: { entryFileNames: 'assets/[name]-[hash].js' } },
  },
  build: {
    target: 'es2022',
    manifest: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 6000,
  },
}));
