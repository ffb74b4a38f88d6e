/**
 * The floors of the house: one line per room, saying what it may import.
 * `docs/ARCHITECTURE.md` tells the same story in words; change both together.
 * Imports go down only, and siblings are strangers.
 */
const below = {
  sim: [],
  text: [],
  world: ['sim'],
  'kubernetes/apimachinery': ['text', 'generated'],
  'kubernetes/etcd': ['sim'],
  shell: ['text', 'world', 'sim'],
  'kubernetes/api': ['kubernetes/apimachinery', 'text'],
  'kubernetes/apiserver': [
    'kubernetes/api',
    'kubernetes/etcd',
    'kubernetes/apimachinery',
    'sim',
    'generated',
  ],
  'kubernetes/client': ['kubernetes/api', 'kubernetes/apimachinery', 'sim'],
  'kubernetes/controllers': ['kubernetes/client', 'kubernetes/api', 'kubernetes/apimachinery', 'sim'],
  'kubernetes/scheduler': ['kubernetes/client', 'kubernetes/api', 'kubernetes/apimachinery', 'sim'],
  'kubernetes/node': ['kubernetes/client', 'kubernetes/api', 'kubernetes/apimachinery', 'world', 'sim'],
  'kubernetes/storage': ['kubernetes/client', 'kubernetes/api', 'kubernetes/apimachinery', 'world', 'sim'],
  'kubernetes/kubectl': [
    'kubernetes/client',
    'kubernetes/api',
    'kubernetes/apimachinery',
    'text',
    'world',
    'sim',
  ],
  'kubernetes/etcdctl': ['kubernetes/etcd', 'world', 'sim'],
  'kubernetes/kubeadm': ['kubernetes/client', 'kubernetes/api', 'kubernetes/apimachinery', 'world', 'sim'],
  images: ['kubernetes/client', 'kubernetes/api', 'kubernetes/apimachinery', 'shell', 'world', 'sim', 'text'],
  projection: [
    'kubernetes/client',
    'kubernetes/api',
    'kubernetes/apimachinery',
    'protocol',
    'classroom',
    'sim',
  ],
  'kubernetes/cluster': ['kubernetes/', 'images', 'shell', 'world', 'sim'],
  classroom: ['kubernetes/api', 'kubernetes/apimachinery'],
  protocol: ['kubernetes/api', 'kubernetes/apimachinery', 'classroom'],
  session: ['kubernetes/', 'projection', 'classroom', 'protocol', 'images', 'shell', 'world', 'sim'],
  worker: ['session', 'protocol', 'classroom'],
  bridge: [
    'session',
    'protocol',
    'classroom',
    'kubernetes/apiserver/wire',
    'kubernetes/api',
    'kubernetes/apimachinery',
  ],
  ui: ['protocol', 'classroom', 'kubernetes/api', 'kubernetes/apimachinery'],
};

// Beside `x.test.ts`, what tests share: `testCluster.ts`, or a `testing/` folder.
const isTest = '(\\.test\\.tsx?$|/test[A-Z]\\w*\\.tsx?$|/testing/)';

const floors = Object.entries(below).map(([room, allowed]) => ({
  name: `floor: ${room}`,
  severity: 'error',
  from: { path: `^src/${room}/`, pathNot: isTest },
  to: {
    path: '^src/',
    pathNot: [
      `^src/${room}/`,
      '^src/generated/',
      ...allowed.map((name) => `^src/${name}${name.endsWith('/') ? '' : '/'}`),
    ],
  },
}));

module.exports = {
  forbidden: [
    ...floors,
    {
      name: 'no cycles',
      severity: 'error',
      from: {},
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'panels never import each other',
      severity: 'error',
      from: { path: '^src/ui/panels/([^/]+)/' },
      to: { path: '^src/ui/panels/', pathNot: '^src/ui/panels/$1/' },
    },
    {
      name: 'controllers never import each other',
      severity: 'error',
      from: { path: '^src/kubernetes/controllers/([^/]+)/', pathNot: isTest },
      to: { path: '^src/kubernetes/controllers/[^/]+/', pathNot: '^src/kubernetes/controllers/$1/' },
    },
    {
      name: 'tests are not imported',
      severity: 'error',
      from: { pathNot: isTest },
      to: { path: isTest },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.css'],
      conditionNames: ['import', 'default', 'types'],
    },
    exclude: { path: '\\?' },
  },
};
