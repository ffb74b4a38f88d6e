// Upstream: cli-runtime/pkg/genericclioptions/print_flags.go
import type { KubeObject } from '#kubernetes/api/object.ts';
import { resolvePath } from '#world/machine/fileSystem.ts';
import { CommandError } from '../errors.ts';
import { bool, text, type Flag } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { customColumns } from './customColumns.ts';
import { goTemplate } from './goTemplate.ts';
import { withoutManagedFields } from './managedFields.ts';
import { jsonPathPrinter } from './jsonPathPrinter.ts';
import { sortKeys, toJson } from './json.ts';
import { toYaml } from '#kubernetes/apimachinery/yamlText.ts';

const formats = [
  'json',
  'yaml',
  'name',
  'go-template',
  'go-template-file',
  'template',
  'templatefile',
  'jsonpath',
  'jsonpath-as-json',
  'jsonpath-file',
];
const tableFormats = ['wide', 'custom-columns', 'custom-columns-file'];

export const printFlags: readonly Flag[] = [
  text('output', `Output format. One of: (${[...formats].sort().join(', ')}).`, {
    short: 'o',
    values: formats,
  }),
  text(
    'template',
    'Template string or path to template file to use when -o=go-template, -o=go-template-file.',
  ),
  bool(
    'show-managed-fields',
    'If true, keep the managedFields when printing objects in JSON or YAML format.',
  ),
  bool(
    'allow-missing-template-keys',
    'If true, ignore any errors in templates when a field or map key is missing in the template.',
    { initial: 'true' },
  ),
];

/** Prints one object, or one List, as text that ends its own lines. */
export type ObjectPrinter = (object: unknown) => string;

/** The type of an object for `-o name`: `pod/web`, `deployment.apps/web`. */
export function nameOf(object: KubeObject): string {
  const slash = object.apiVersion.indexOf('/');
  const group = slash < 0 ? '' : `.${object.apiVersion.slice(0, slash)}`;
  return `${object.kind.toLowerCase()}${group}/${object.metadata.name}`;
}

export function itemsOf(object: unknown): readonly KubeObject[] {
  const { items } = object as { items?: readonly KubeObject[] };
  return items ?? [object as KubeObject];
}

/**
 * The printer that `-o` asks for, or null when it asks for none (or `wide`, for commands with tables).
 * `sorted` is false for objects that kubectl itself composed, whose JSON keeps its order.
 */
export function printerOf(
  invocation: Invocation,
  options: { readonly tables?: boolean; readonly sorted?: boolean } = {},
): ObjectPrinter | null {
  const { flags } = invocation;
  let output = flags.text('output');
  if (output === '' && flags.changed('template')) output = 'go-template';
  if (output === '' || (output === 'wide' && options.tables)) return null;
  const equals = output.indexOf('=');
  const format = equals < 0 ? output : output.slice(0, equals);
  const allowed = options.tables ? [...formats, ...tableFormats] : formats;
  if (!allowed.includes(format)) {
    throw new CommandError(
      `unable to match a printer suitable for the output format ${JSON.stringify(output)}, allowed formats are: ${[...allowed].sort().join(',')}`,
    );
  }
  if (format === 'name')
    return (object) =>
      itemsOf(object)
        .map((item) => `${nameOf(item)}\n`)
        .join('');
  if (format === 'json' || format === 'yaml')
    return structured(format, flags.bool('show-managed-fields'), options.sorted !== false);
  const argument = equals < 0 ? flags.text('template') : output.slice(equals + 1);
  return templated(invocation, format, argument);
}

function structured(format: 'json' | 'yaml', managedFields: boolean, sorted: boolean): ObjectPrinter {
  let printed = 0;
  return (whole) => {
    const object = managedFields ? whole : withoutManagedFields(whole);
    if (format === 'json') return `${toJson(sorted ? sortKeys(object) : object)}\n`;
    return `${printed++ > 0 ? '---\n' : ''}${toYaml(object)}`;
  };
}

function templated(invocation: Invocation, format: string, argument: string): ObjectPrinter {
  const kind = format.startsWith('custom-columns') ? 'custom-columns' : 'template';
  if (argument === '') {
    throw new CommandError(
      kind === 'template'
        ? 'template format specified but no template given'
        : 'custom-columns format specified but no custom columns given',
    );
  }
  const what = kind === 'custom-columns' ? 'template' : '--template';
  const template = format.endsWith('file') ? readTemplate(invocation, argument, what) : argument;
  const missing = invocation.flags.bool('allow-missing-template-keys');
  if (format === 'custom-columns-file')
    return customColumns(fileColumns(template), invocation.flags.bool('no-headers'));
  if (format === 'custom-columns') return customColumns(template, invocation.flags.bool('no-headers'));
  if (format.startsWith('jsonpath'))
    return jsonPathPrinter(template, { asJson: format === 'jsonpath-as-json', allowMissingKeys: missing });
  return goTemplate(template, missing);
}

function readTemplate({ process }: Invocation, path: string, what: string): string {
  try {
    return process.files.read(resolvePath(process.workingDirectory, path));
  } catch {
    throw new CommandError(`error reading ${what} ${path}, open ${path}: no such file or directory`);
  }
}

/** A column file has the headings on its first line and the paths on its second. */
function fileColumns(file: string): string {
  const [heads = '', paths = ''] = file.split('\n');
  const fields = paths.trim().split(/\s+/);
  return heads
    .trim()
    .split(/\s+/)
    .map((head, i) => `${head}:${fields[i] ?? ''}`)
    .join(',');
}
