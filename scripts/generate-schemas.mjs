// D7: schemas come from upstream, through npm. Reads the type declarations of kubernetes-models (names,
// required fields, enums, descriptions) and the attribute maps of @kubernetes/client-node (formats), and
// writes src/generated/: nothing it writes is committed.
//
//   types/GROUP.VERSION.ts   readonly interfaces, as the simulator stores the objects
//   schemas.json             { version, definitions: { "io.k8s.api.apps.v1.Deployment": { "spec": "#7" … } } }
//   laterSchemas.json        the definitions that only kinds outside src/kubernetes/api/bootKinds.ts need
//   descriptions.json        { definition: { "": text, field: text } }, loaded only when someone asks
//
// A field's type is one string: s string, i int32, l int64, d double, b boolean, T time, M micro time,
// B base64 bytes, Q quantity, I int or string, * anything, e:A|B an enum, [X a list of X, {X a map of X,
// #N the definition with index N. A required field's name ends in "!".
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './root.mjs';

/** The Kubernetes release that the pinned schema packages describe. */
const version = '1.36';

const models = join(root, 'node_modules', 'kubernetes-models');
const machinery = join(root, 'node_modules', '@kubernetes-models', 'apimachinery');
const clientModels = join(root, 'node_modules', '@kubernetes', 'client-node', 'dist', 'gen', 'models');
const target = join(root, 'src', 'generated');

/** Folder → [name of the types module, OpenAPI package]. Each served group and version stands here once. */
const packages = {
  [join(models, 'v1')]: ['core.v1', 'io.k8s.api.core.v1'],
  [join(models, 'apps/v1')]: ['apps.v1', 'io.k8s.api.apps.v1'],
  [join(models, 'batch/v1')]: ['batch.v1', 'io.k8s.api.batch.v1'],
  [join(models, 'autoscaling/v1')]: ['autoscaling.v1', 'io.k8s.api.autoscaling.v1'],
  [join(models, 'autoscaling/v2')]: ['autoscaling.v2', 'io.k8s.api.autoscaling.v2'],
  [join(models, 'policy/v1')]: ['policy.v1', 'io.k8s.api.policy.v1'],
  [join(models, 'networking.k8s.io/v1')]: ['networking.v1', 'io.k8s.api.networking.v1'],
  [join(models, 'discovery.k8s.io/v1')]: ['discovery.v1', 'io.k8s.api.discovery.v1'],
  [join(models, 'events.k8s.io/v1')]: ['events.v1', 'io.k8s.api.events.v1'],
  [join(models, 'coordination.k8s.io/v1')]: ['coordination.v1', 'io.k8s.api.coordination.v1'],
  [join(models, 'storage.k8s.io/v1')]: ['storage.v1', 'io.k8s.api.storage.v1'],
  [join(models, 'rbac.authorization.k8s.io/v1')]: ['rbac.v1', 'io.k8s.api.rbac.v1'],
  [join(models, 'scheduling.k8s.io/v1')]: ['scheduling.v1', 'io.k8s.api.scheduling.v1'],
  [join(models, 'node.k8s.io/v1')]: ['node.v1', 'io.k8s.api.node.v1'],
  [join(models, 'authentication.k8s.io/v1')]: ['authentication.v1', 'io.k8s.api.authentication.v1'],
  [join(models, 'authorization.k8s.io/v1')]: ['authorization.v1', 'io.k8s.api.authorization.v1'],
  [join(models, 'certificates.k8s.io/v1')]: ['certificates.v1', 'io.k8s.api.certificates.v1'],
  [join(models, 'flowcontrol.apiserver.k8s.io/v1')]: ['flowcontrol.v1', 'io.k8s.api.flowcontrol.v1'],
  [join(models, 'admissionregistration.k8s.io/v1')]: [
    'admissionregistration.v1',
    'io.k8s.api.admissionregistration.v1',
  ],
  [join(models, 'apiextensions.k8s.io/v1')]: [
    'apiextensions.v1',
    'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  ],
  [join(models, 'apiregistration.k8s.io/v1')]: [
    'apiregistration.v1',
    'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1',
  ],
  [join(machinery, 'apis/meta/v1')]: ['meta.v1', 'io.k8s.apimachinery.pkg.apis.meta.v1'],
};

/** Alpha versions, which only client-node has: the prefix of its classes, and those that are read. */
const clientPackages = [
  {
    prefix: 'V1alpha2',
    moduleName: 'scheduling.v1alpha2',
    packageName: 'io.k8s.api.scheduling.v1alpha2',
    kinds: ['PodGroup', 'Workload'],
    parts: [
      'GangSchedulingPolicy',
      'PodGroupResourceClaim',
      'PodGroupResourceClaimStatus',
      'PodGroupSchedulingConstraints',
      'PodGroupSchedulingPolicy',
      'PodGroupSpec',
      'PodGroupStatus',
      'PodGroupTemplate',
      'PodGroupTemplateReference',
      'TopologyConstraint',
      'TypedLocalObjectReference',
      'WorkloadPodGroupTemplateReference',
      'WorkloadSpec',
    ],
  },
];

/** Of each module of types, its name and its OpenAPI package. */
const modules = [
  ...Object.values(packages),
  ...clientPackages.map(({ moduleName, packageName }) => [moduleName, packageName]),
];

const scalars = {
  Time: 'T',
  MicroTime: 'M',
  Quantity: 'Q',
  IntOrString: 'I',
  RawExtension: '*',
  FieldsV1: '*',
  JSON: '*',
};

/** Fields that kubernetes-models writes out in place instead of naming their type. */
const inlined = {
  'io.k8s.api.apps.v1.StatefulSetSpec.volumeClaimTemplates': '[#io.k8s.api.core.v1.PersistentVolumeClaim',
};

/** Stored objects always carry these, so the generated types require them. */
const alwaysStored = new Set(['name', 'uid', 'resourceVersion', 'creationTimestamp']);

function parseInterface(text, name) {
  const start = text.indexOf(`export interface I${name} `);
  if (start < 0) return null;
  const end = text.indexOf('\n}\n', start);
  const body = text.slice(text.indexOf('{', start) + 1, end);
  const before = text.slice(0, start);
  const doc = before.slice(before.lastIndexOf('/**'));
  const fields = [];
  const pattern =
    /(?:\/\*\*([\s\S]*?)\*\/\s*)?^ {4}"([^"]+)"(\??): ([\s\S]*?);$(?=\n(?: {4}["/]|$)|$(?![\s\S]))/gm;
  for (const match of body.matchAll(pattern)) {
    fields.push({
      description: cleanDoc(match[1]),
      name: match[2],
      required: match[3] === '',
      type: match[4],
    });
  }
  return { description: cleanDoc(doc.replace(/^\/\*\*|\*\/\s*$/g, '')), fields };
}

function cleanDoc(text) {
  if (!text) return '';
  const lines = text.split('\n').map((line) => line.replace(/^\s*\* ?/, '').trimEnd());
  return lines.join('\n').trim();
}

/** Formats by field name, from client-node's attribute map of the same model. */
function readFormats(moduleName, name) {
  const [group, ver] = moduleName.split('.');
  const prefix = ver.toUpperCase();
  const groupName = group[0].toUpperCase() + group.slice(1);
  const file = [`${prefix}${name}.js`, `${groupName}${prefix}${name}.js`]
    .map((f) => join(clientModels, f))
    .find(existsSync);
  const formats = {};
  if (!file) return formats;
  const text = readFileSync(file, 'utf8');
  for (const match of text.matchAll(/"baseName": "([^"]+)",\s*"type": "([^"]+)",\s*"format": "([^"]*)"/g)) {
    formats[match[1]] = match[3];
  }
  return formats;
}

function encodeType(type, format, resolveReference) {
  const trimmed = type.trim();
  const list = /^Array<([\s\S]*)>$/.exec(trimmed);
  if (list) return `[${encodeType(list[1], format, resolveReference)}`;
  const map = /^\{\s*\[key: string\]: ([\s\S]*?);?\s*\}$/.exec(trimmed);
  if (map) return `{${encodeType(map[1], format, resolveReference)}`;
  if (trimmed.startsWith('"')) {
    const values = [...trimmed.matchAll(/"([^"]*)"/g)].map((m) => m[1]);
    return values.length === 1 ? 's' : `e:${values.join('|')}`;
  }
  if (trimmed === 'string') return format === 'byte' ? 'B' : 's';
  if (trimmed === 'number') return format === 'int64' ? 'l' : format === 'double' ? 'd' : 'i';
  if (trimmed === 'boolean') return 'b';
  if (/^I[A-Za-z0-9]+$/.test(trimmed)) return resolveReference(trimmed);
  if (/^I\w+\["(kind|apiVersion)"\]$/.test(trimmed)) return 's';
  return '*';
}

function readDefinitions() {
  const definitions = new Map();
  for (const [folder, [moduleName, packageName]] of Object.entries(packages)) {
    for (const file of readdirSync(folder).sort()) {
      if (!file.endsWith('.d.ts') || file === 'index.d.ts') continue;
      const name = file.slice(0, -5);
      if (name in scalars) continue;
      const text = readFileSync(join(folder, file), 'utf8');
      const parsed = parseInterface(text, name);
      if (!parsed) continue;
      const imports = new Map();
      for (const match of text.matchAll(/import \{ (\w+) \} from "([^"]+)"/g))
        imports.set(match[1], match[2]);
      const formats = readFormats(moduleName, name);
      const reference = (alias) => {
        const from = imports.get(alias);
        const own = from ?? `./${alias.slice(1)}.js`;
        const path = own.startsWith('.') ? resolve(folder, own) : join(root, 'node_modules', own);
        const base = path.split('/').pop().replace(/\.js$/, '');
        if (base in scalars) return scalars[base];
        const found = packages[dirname(path)];
        if (!found || base.startsWith('JSONSchemaPropsOr')) return '*';
        return `#${found[1]}.${base}`;
      };
      const isKind = /extends TypeMeta/.test(text);
      const fields = parsed.fields.map((field) => ({
        ...field,
        code:
          inlined[`${packageName}.${name}.${field.name}`] ??
          (moduleName === 'meta.v1' && name === 'ManagedFieldsEntry' && field.name === 'time'
            ? 'T'
            : encodeType(field.type, formats[field.name], reference)),
      }));
      definitions.set(`${packageName}.${name}`, {
        name,
        moduleName,
        isKind,
        description: parsed.description,
        fields,
      });
    }
  }
  return definitions;
}

/** The definitions of packages that client-node alone has, from its classes. */
function readClientDefinitions(definitions) {
  for (const { prefix, moduleName, packageName, kinds, parts } of clientPackages) {
    const known = new Set([...kinds, ...parts]);
    const reference = (name) => {
      if (name.startsWith(prefix) && known.has(name.slice(prefix.length)))
        return `#${packageName}.${name.slice(prefix.length)}`;
      const meta = `io.k8s.apimachinery.pkg.apis.meta.v1.${name.slice(2)}`;
      return name.startsWith('V1') && definitions.has(meta) ? `#${meta}` : '*';
    };
    for (const name of known) {
      const text = readFileSync(join(clientModels, `${prefix}${name}.d.ts`), 'utf8');
      const start = text.indexOf(`export declare class ${prefix}${name} `);
      const doc = text.slice(text.lastIndexOf('/**', start), start).replace(/^\/\*\*|\*\/\s*$/g, '');
      const body = text.slice(start, text.indexOf('static readonly discriminator', start));
      const formats = readFormats(moduleName, name);
      const fields = [];
      for (const match of body.matchAll(/(?:\/\*\*([\s\S]*?)\*\/\s*)?^ {4}'([^']+)'(\??): (.*);$/gm)) {
        const [, description, field, optional, type] = match;
        const code = encodeClientType(type, formats[field], reference);
        const clean = cleanDoc(description).replaceAll("\\'", "'").replaceAll('\\"', '"');
        fields.push({ description: clean, name: field, required: optional === '', type, code });
      }
      const isKind = kinds.includes(name);
      definitions.set(`${packageName}.${name}`, {
        name,
        moduleName,
        isKind,
        description: cleanDoc(doc),
        fields,
      });
    }
  }
}

function encodeClientType(type, format, reference) {
  const list = /^Array<(.*)>$/.exec(type);
  if (list) return `[${encodeClientType(list[1], format, reference)}`;
  if (/^V\d/.test(type)) return reference(type);
  return encodeType(type, format, () => '*');
}

function typeText(code, moduleName, imports) {
  if (code.startsWith('[')) {
    const inner = typeText(code.slice(1), moduleName, imports);
    return `readonly ${/[ |]/.test(inner) ? `(${inner})` : inner}[]`;
  }
  if (code.startsWith('{'))
    return `{ readonly [key: string]: ${typeText(code.slice(1), moduleName, imports)} }`;
  if (code.startsWith('e:'))
    return code
      .slice(2)
      .split('|')
      .map((value) => JSON.stringify(value))
      .join(' | ');
  if (code.startsWith('#')) {
    const at = code.lastIndexOf('.');
    const packageName = code.slice(1, at);
    const name = code.slice(at + 1);
    const from = modules.find((entry) => entry[1] === packageName)[0];
    if (from === moduleName) return name;
    imports.set(`${from}:${name}`, { from, name });
    return `${from.replace('.', '_')}_${name}`;
  }
  if (code === 'Q' || code === 'I') return 'string | number';
  if (code === 'b') return 'boolean';
  if (code === 'i' || code === 'l' || code === 'd') return 'number';
  return code === '*' ? 'unknown' : 'string';
}

function writeTypes(definitions) {
  const written = new Map();
  for (const definition of definitions.values()) {
    const entry = written.get(definition.moduleName) ?? { imports: new Map(), parts: [] };
    written.set(definition.moduleName, entry);
    const lines = [];
    const stored = definition.isKind && !definition.name.endsWith('List');
    for (const field of definition.fields) {
      const isType = definition.isKind && (field.name === 'apiVersion' || field.name === 'kind');
      const required =
        field.required ||
        (definition.isKind && ['metadata', 'apiVersion', 'kind'].includes(field.name)) ||
        (stored && ['spec', 'status'].includes(field.name)) ||
        (definition.name === 'ObjectMeta' && alwaysStored.has(field.name));
      const whole = isType
        ? field.type.replace(/^I\w+\[.*$/, 'string')
        : typeText(field.code, definition.moduleName, entry.imports);
      // A template's metadata is not a stored object's: it has no name or uid yet.
      const text =
        !definition.isKind && whole === 'meta_v1_ObjectMeta' ? 'Partial<meta_v1_ObjectMeta>' : whole;
      lines.push(
        `  readonly ${/^\w+$/.test(field.name) ? field.name : JSON.stringify(field.name)}${required ? '' : '?'}: ${text};`,
      );
    }
    entry.parts.push(`export interface ${definition.name} {\n${lines.join('\n')}\n}\n`);
  }
  const folder = join(target, 'types');
  mkdirSync(folder, { recursive: true });
  for (const [moduleName, { imports, parts }] of written) {
    const header = [...imports.values()]
      .map(
        ({ from, name }) =>
          `import type { ${name} as ${from.replace('.', '_')}_${name} } from './${from}.ts';\n`,
      )
      .join('');
    writeFileSync(
      join(folder, `${moduleName}.ts`),
      `// Generated from kubernetes-models; not committed.\n${header}\n${parts.join('\n')}`,
    );
  }
}

/** The definitions that some sources name (`schema: 'io.k8s…'` in src/kubernetes/api), with all below them. */
function namedDefinitions(definitions, files) {
  const served = new Set();
  const visit = (name) => {
    if (served.has(name) || !definitions.has(name)) return;
    served.add(name);
    for (const { code } of definitions.get(name).fields) {
      const reference = /#([\w.-]+)$/.exec(code);
      if (reference) visit(reference[1]);
    }
  };
  for (const file of files) {
    for (const [, name] of readFileSync(file, 'utf8').matchAll(/'(io\.k8s\.[\w.-]+)'/g)) visit(name);
  }
  return [...definitions.keys()].filter((name) => served.has(name));
}

/** The sources of the kinds that a cluster starts with: what bootKinds.ts imports. */
function bootKindFiles() {
  const list = join(root, 'src', 'kubernetes', 'api', 'bootKinds.ts');
  return [...readFileSync(list, 'utf8').matchAll(/ from '(\.\/[\w/]+\.ts)'/g)].map(([, path]) =>
    join(dirname(list), path),
  );
}

/** The sources that name definitions. */
function kindFiles() {
  const folder = join(root, 'src', 'kubernetes', 'api');
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true }) : [];
  return names
    .map((name) => join(folder, String(name)))
    .filter((name) => name.endsWith('.ts'))
    .sort();
}

function writeSchemas(definitions) {
  const boot = namedDefinitions(definitions, bootKindFiles());
  const all = namedDefinitions(definitions, kindFiles());
  const names = [...boot, ...all.filter((name) => !boot.includes(name))];
  const index = new Map(names.map((name, i) => [name, i]));
  const shorten = (code) =>
    code.replace(/#([\w.-]+)$/, (_, name) => (index.has(name) ? `#${index.get(name)}` : '*'));
  const compact = {};
  const descriptions = {};
  for (const name of names) {
    const definition = definitions.get(name);
    compact[name] = Object.fromEntries(
      definition.fields.map((field) => [field.name + (field.required ? '!' : ''), shorten(field.code)]),
    );
    descriptions[name] = { '': definition.description };
    for (const field of definition.fields) descriptions[name][field.name] = field.description;
  }
  const part = (of) => Object.fromEntries(of.map((name) => [name, compact[name]]));
  writeFileSync(join(target, 'schemas.json'), JSON.stringify({ version, definitions: part(boot) }));
  writeFileSync(join(target, 'laterSchemas.json'), JSON.stringify(part(names.slice(boot.length))));
  writeFileSync(join(target, 'descriptions.json'), JSON.stringify(descriptions));
}

/** Writes src/generated/ when its inputs (this script and the two packages' versions) have changed. */
export function generateSchemas() {
  const inputs = [
    fileURLToPath(import.meta.url),
    join(models, 'package.json'),
    join(root, 'node_modules', '@kubernetes', 'client-node', 'package.json'),
  ];
  const hash = createHash('sha256');
  for (const file of inputs) hash.update(readFileSync(file));
  for (const file of bootKindFiles()) hash.update(relative(root, file));
  for (const file of kindFiles()) {
    for (const [name] of readFileSync(file, 'utf8').matchAll(/'io\.k8s\.[\w.-]+'/g)) hash.update(name);
  }
  const wanted = hash.digest('hex');
  const stamp = join(target, 'inputs.sha256');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const definitions = readDefinitions();
  readClientDefinitions(definitions);
  writeTypes(definitions);
  writeSchemas(definitions);
  writeFileSync(stamp, wanted);
  console.log(`Generated ${definitions.size} Kubernetes ${version} schemas into ${relative(root, target)}/`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) generateSchemas();
