// Upstream: cli-runtime/pkg/genericclioptions/print_flags.go
import type { KubeObject } from '#kubernetes/api/object.ts';
import { CommandError } from '../errors.ts';
import { bool, text, type Flag } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { sortKeys, toJson } from './json.ts';
import { toYaml } from './yaml.ts';

const formats = ['json', 'yaml', 'name'];
const tableFormats = ['wide'];

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

function withoutManagedFields(object: unknown): unknown {
  const { items, metadata } = object as {
    items?: readonly unknown[];
    metadata?: { managedFields?: unknown };
  };
  if (items) return { ...(object as object), items: items.map(withoutManagedFields) };
  if (metadata?.managedFields === undefined) return object;
  const { managedFields: _, ...kept } = metadata;
  return { ...(object as object), metadata: kept };
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
  return structured(format as 'json' | 'yaml', flags.bool('show-managed-fields'), options.sorted !== false);
}

function structured(format: 'json' | 'yaml', managedFields: boolean, sorted: boolean): ObjectPrinter {
  let printed = 0;
  return (whole) => {
    const object = managedFields ? whole : withoutManagedFields(whole);
    if (format === 'json') return `${toJson(sorted ? sortKeys(object) : object)}\n`;
    return `${printed++ > 0 ? '---\n' : ''}${toYaml(object)}`;
  };
}
