// Upstream: kubectl/pkg/cmd/explain, kubectl/pkg/explain/v2/templates/plaintext.tmpl
import {
  definition,
  type Definition,
  type FieldType,
  hasDefinition,
  shortName,
} from '#kubernetes/api/definitions.ts';
import { describeField, type Descriptions, isRequired } from '#kubernetes/api/openapi.ts';
import { builtInKinds } from '#kubernetes/api/registry.ts';
import type { Command } from '../command.ts';
import { CommandError } from '../errors.ts';
import { readCustomDefinitions } from '../customDefinitions.ts';
import { bool, text } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { wrapWords } from '../output/wrapWords.ts';
import type { Resource } from '../restMapper.ts';

/** Columns of a description, behind its indent. */
const textColumns = 76;
const indent = '    ';
/** Values of an enum that a list of fields shows. */
const enumShownMax = 4;

export const explain: Command = {
  name: 'explain',
  group: 'Basic Commands (Intermediate)',
  summary: 'Get documentation for a resource',
  long: 'Describe fields and structure of various resources.\n\n This command describes the fields associated with each supported API resource. Fields are identified via a simple JSONPath identifier:\n\n        <type>.<fieldName>[.<fieldName>]',
  examples: [
    ['Get the documentation of the resource and its fields', 'kubectl explain pods'],
    ['Get all the fields in the resource', 'kubectl explain pods --recursive'],
    ['Get the documentation of a specific field of a resource', 'kubectl explain pods.spec.containers'],
  ],
  usage: 'explain TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group]',
  arguments: 'types',
  flags: [
    text('api-version', 'Use given api-version (group/version) of the resource.'),
    bool(
      'recursive',
      'When true, print the name of all the fields recursively. Otherwise, print the available fields with their description.',
    ),
  ],
  run: runExplain,
};

/** What is known of a kind's fields and of all below them. */
interface Book {
  readonly root: Definition;
  find(name: string): Definition | undefined;
  readonly descriptions: Descriptions;
}

/** The definition behind a type, where it has fields. */
function definitionOf(type: FieldType, book: Book): Definition | undefined {
  if (type.is === 'list' || type.is === 'map') return definitionOf(type.of, book);
  return type.is === 'object' ? book.find(type.name) : undefined;
}

const findBuiltIn = (name: string) => (hasDefinition(name) ? definition(name) : undefined);

/** Built-in kinds are known from the start; of custom resources the server is asked. */
async function bookOf({ group, version, kind }: Resource, invocation: Invocation): Promise<Book> {
  const { client, descriptions } = invocation;
  const own = builtInKinds.findKind(group === '' ? version : `${group}/${version}`, kind);
  const root = own && findBuiltIn(own.schema);
  if (root) return { root, find: findBuiltIn, descriptions };
  const { body } = await client.send({ method: 'GET', path: `/openapi/v3/apis/${group}/${version}` });
  const custom = readCustomDefinitions(body, kind);
  if (!custom)
    throw new CommandError(
      `Couldn't find resource for ${JSON.stringify(`${group}/${version}, Kind=${kind}`)}`,
    );
  return {
    root: custom.root,
    find: (name) => custom.definitions.get(name) ?? findBuiltIn(name),
    descriptions: { ...descriptions, ...custom.descriptions },
  };
}

const typeNames: Readonly<Record<string, string>> = {
  int32: 'integer',
  int64: 'integer',
  double: 'number',
  bytes: 'string',
  enum: 'string',
  time: 'string',
  microTime: 'string',
  quantity: 'Quantity',
  intOrString: 'IntOrString',
  anything: 'Object',
};

function nameOfType(type: FieldType): string {
  if (type.is === 'list') return `[]${nameOfType(type.of)}`;
  if (type.is === 'map') return `map[string]${nameOfType(type.of)}`;
  return type.is === 'object' ? shortName(type.name) : (typeNames[type.is] ?? type.is);
}

/** The first of an enum's values; all stand where the field itself is explained. */
function shortList(values: readonly string[]): string {
  const shown = values.slice(0, enumShownMax).map((value) => value || '""');
  return [...shown, ...(values.length > enumShownMax ? ['....'] : [])].join(', ');
}

const paragraph = (words: string) =>
  `${wrapWords(words, textColumns)
    .split('\n')
    .map((line) => `${indent}${line}`)
    .join('\n')}\n`;

async function resourceOf(invocation: Invocation, type: string): Promise<Resource> {
  const mapper = await invocation.mapper();
  const wanted = invocation.flags.text('api-version');
  const found = mapper.find(type);
  if (!found)
    throw new CommandError(`the server doesn't have a resource type ${JSON.stringify(type)}`, 1, '');
  if (wanted === '') return found;
  const [version = '', group = ''] = wanted.split('/').reverse();
  const exact = mapper.resources.find(
    (one) => one.plural === found.plural && one.group === group && one.version === version,
  );
  if (!exact)
    throw new CommandError(
      `couldn't find resource for ${JSON.stringify(`${group}/${version}, Resource=${found.plural}`)}`,
    );
  return exact;
}

async function runExplain(invocation: Invocation): Promise<void> {
  const { args, flags } = invocation;
  if (args.length === 0) {
    throw new CommandError(
      'You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.',
    );
  }
  if (args.length > 1) throw new CommandError('We accept only this format: explain RESOURCE');
  const [type = '', ...path] = args[0]!.split('.');
  const resource = await resourceOf(invocation, type);
  const { group, version, kind } = resource;
  const book = await bookOf(resource, invocation);
  const { descriptions } = book;
  await invocation.out(`${group && `GROUP:      ${group}\n`}KIND:       ${kind}\nVERSION:    ${version}\n\n`);
  let here: Definition | undefined = book.root;
  let about = descriptions[here.name]?.[''] ?? '';
  let heading = '';
  for (const name of path) {
    const field: { readonly type: FieldType; readonly required: boolean } | undefined =
      here?.fields.get(name);
    if (!here || !field) throw new CommandError(`field ${JSON.stringify(path.at(-1))} does not exist`);
    const inner = definitionOf(field.type, book);
    about = [describeField(here, name, descriptions), (inner && descriptions[inner.name]?.['']) ?? '']
      .filter((one) => one !== '')
      .join('\n');
    const values =
      field.type.is === 'enum'
        ? `ENUM:\n${field.type.values.map((value) => `${indent}${value}\n`).join('')}\n`
        : '\n\n';
    heading = `FIELD: ${name} <${nameOfType(field.type)}>\n${values}`;
    here = inner;
  }
  const text = about === '' ? `${indent}<empty>\n` : `${paragraph(about)}${indent}\n`;
  await invocation.out(`${heading}DESCRIPTION:\n${text}`);
  if (!here || here.fields.size === 0) return await invocation.out('\n');
  await invocation.out(`FIELDS:\n${fieldsText(here, book, flags.bool('recursive'), [])}\n`);
}

/** The fields of a type; `above` are the types they stand in, which are not opened again. */
function fieldsText(owner: Definition, book: Book, recursive: boolean, above: readonly string[]): string {
  const pad = '  '.repeat(above.length + 1);
  const sorted = [...owner.fields].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted
    .map(([name, { type }]) => {
      const values = type.is === 'enum' ? `${pad}enum: ${shortList(type.values)}\n` : '';
      const line = `${pad}${name}\t<${nameOfType(type)}>${isRequired(owner, name) ? ' -required-' : ''}\n${values}`;
      if (!recursive)
        return `${line}${paragraph(describeField(owner, name, book.descriptions) || '<no description>')}\n`;
      const inner = definitionOf(type, book);
      if (!inner || inner.name === owner.name || above.includes(inner.name)) return line;
      return line + fieldsText(inner, book, true, [...above, owner.name]);
    })
    .join('');
}
