// Upstream: kubectl/pkg/cmd/get/get.go
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { Command } from '../command.ts';
import { CommandError, throwAll } from '../errors.ts';
import { bool, int, strings, text } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { Timeout } from '../apiStream.ts';
import { requestTimeoutMs } from '../globalFlags.ts';
import { printerOf, printFlags, type ObjectPrinter } from '../output/printer.ts';
import { sortObjects, sortRows } from '../output/sortBy.ts';
import { TableWriter } from '../output/table.ts';
import { cellsOf, headersOf, type Table, type TableOptions } from '../output/tableRows.ts';
import { sendRaw } from '../rawRequest.ts';
import type { Resource } from '../restMapper.ts';
import { typed } from '../typed.ts';
import {
  allNamespacesFlag,
  fieldSelectorFlag,
  fileFlags,
  readReferences,
  selectorFlag,
  targetsOf,
} from '../targets.ts';

export const get: Command = {
  name: 'get',
  group: 'Basic Commands (Intermediate)',
  summary: 'Display one or many resources',
  long: `Display one or many resources.

 Prints a table of the most important information about the specified resources. You can filter the list using a label selector and the --selector flag. If the desired resource type is namespaced you will only see results in the current namespace if you don't specify any namespace.

Use "kubectl api-resources" for a complete list of supported resources.`,
  examples: [
    ['List all pods in ps output format', 'kubectl get pods'],
    [
      'List all pods in ps output format with more information (such as node name)',
      'kubectl get pods -o wide',
    ],
    ['List a single deployment in YAML', 'kubectl get deployment web -o yaml'],
    ['List all services and deployments together', 'kubectl get services,deployments'],
    ['Watch pods as they change', 'kubectl get pods -w'],
  ],
  usage:
    'get\n[(-o|--output=)json|yaml|name|go-template|jsonpath|custom-columns|wide] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags]',
  arguments: 'resources',
  flags: [
    ...printFlags.map((flag) =>
      flag.name === 'output'
        ? { ...flag, values: [...flag.values!, 'wide', 'custom-columns', 'custom-columns-file'] }
        : flag,
    ),
    ...fileFlags,
    selectorFlag,
    fieldSelectorFlag,
    allNamespacesFlag,
    bool('watch', 'After listing/getting the requested object, watch for changes.', { short: 'w' }),
    bool('watch-only', 'Watch for changes to the requested object(s), without listing/getting first.'),
    bool('output-watch-events', 'Output watch event objects when --watch or --watch-only is used.'),
    bool(
      'no-headers',
      "When using the default or custom-column output format, don't print headers (default print headers).",
    ),
    bool('show-labels', 'When printing, show all labels as the last column (default hide labels column)'),
    bool('show-kind', 'If present, list the resource type for the requested object(s).'),
    strings(
      'label-columns',
      'Accepts a comma separated list of labels that are going to be presented as columns.',
      { short: 'L' },
    ),
    text('sort-by', 'If non-empty, sort list types using this field specification (a JSONPath expression).'),
    bool(
      'ignore-not-found',
      'If set to true, suppresses NotFound error for specific objects that do not exist.',
    ),
    int('chunk-size', 'Return large lists in chunks rather than all at once.', { initial: '500' }),
    text('subresource', 'If specified, gets the subresource of the requested object.'),
    text('raw', 'Raw URI to request from the server.'),
    bool('server-print', 'If true, have the server return the appropriate table output.', {
      initial: 'true',
    }),
  ],
  run: runGet,
};

const tableAccept = [
  'application/json;as=Table;v=v1;g=meta.k8s.io',
  'application/json;as=Table;v=v1beta1;g=meta.k8s.io',
  'application/json',
].join(',');

/** One request of `get`: a collection, or one object of it. */
interface Part {
  readonly resource: Resource;
  readonly name: string | undefined;
  readonly namespace: string;
}

async function runGet(invocation: Invocation): Promise<void> {
  const { flags, args } = invocation;
  if (flags.changed('raw')) return await sendRaw(invocation, 'GET');
  const parts = await partsOf(invocation);
  const printer = printerOf(invocation, { tables: true });
  if (flags.bool('watch') || flags.bool('watch-only')) return await watch(invocation, parts, printer);
  if (printer) {
    const single = args.length > 0 && parts.length === 1 && parts[0]!.name !== undefined;
    return await printObjects(invocation, parts, printer, single);
  }
  await printTables(invocation, parts);
}

async function partsOf(invocation: Invocation): Promise<Part[]> {
  const { flags, args, path } = invocation;
  const allNamespaces = flags.bool('all-namespaces');
  if (flags.list('filename').length > 0) {
    const { targets, errors } = await targetsOf(invocation, { args });
    throwAll(errors);
    return targets.map(({ resource, namespace, name }) => ({ resource, namespace, name }));
  }
  if (args.length === 0) {
    await invocation.err(
      'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\n',
    );
    throw new CommandError(
      `Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).\nSee '${path} -h' for help and examples`,
    );
  }
  const references = await readReferences(invocation, args);
  const named = references.some(({ name }) => name !== undefined);
  if (named && (flags.text('selector') || flags.text('field-selector'))) {
    throw new CommandError(
      args[0]!.includes('/')
        ? 'selectors and the all flag cannot be used when passing resource/name arguments'
        : 'name cannot be provided when a selector is specified',
    );
  }
  if (named && allNamespaces && references.some(({ resource }) => resource.namespaced)) {
    throw new CommandError('a resource cannot be retrieved by name across all namespaces');
  }
  return references.map(({ resource, name }) => ({
    resource,
    name,
    namespace: resource.namespaced && !allNamespaces ? invocation.namespace : '',
  }));
}

/** Fetches every part; what is missing is collected, so that the rest is still shown. */
async function fetchAll<T>(
  invocation: Invocation,
  parts: readonly Part[],
  fetch: (part: Part) => Promise<T>,
): Promise<{ found: [Part, T][]; errors: unknown[] }> {
  const found: [Part, T][] = [];
  const errors: unknown[] = [];
  for (const part of parts) {
    try {
      found.push([part, await fetch(part)]);
    } catch (error) {
      const isMissing = (error as { reason?: string }).reason === 'NotFound';
      if (!(isMissing && invocation.flags.bool('ignore-not-found'))) errors.push(error);
    }
  }
  return { found, errors };
}

function selectionQuery({ flags }: Invocation): Record<string, string | undefined> {
  return {
    labelSelector: flags.text('selector') || undefined,
    fieldSelector: flags.text('field-selector') || undefined,
  };
}

async function printObjects(
  invocation: Invocation,
  parts: readonly Part[],
  printer: ObjectPrinter,
  single: boolean,
): Promise<void> {
  const { client, flags } = invocation;
  const subresource = flags.text('subresource') || undefined;
  const { found, errors } = await fetchAll(invocation, parts, async ({ resource, namespace, name }) => {
    if (name !== undefined)
      return [await client.get(resource, namespace, name, subresource ? { subresource } : {})];
    const list = await client.list(resource, namespace, selectionQuery(invocation));
    return list.items.map((item) => typed(resource, item));
  });
  const items = found.flatMap(([, objects]) => objects);
  const sortBy = flags.text('sort-by');
  const sorted = sortBy ? sortObjects(items, sortBy) : items;
  if (single) for (const item of sorted) await invocation.out(printer(item));
  else if (found.length > 0 || errors.length === 0) await invocation.out(printer(listOf(sorted)));
  throwAll(errors);
}

export function listOf(items: readonly KubeObject[]): unknown {
  return { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } };
}

function tableOptions(invocation: Invocation, resource: Resource, several: boolean): TableOptions {
  const { flags } = invocation;
  return {
    wide: flags.text('output') === 'wide',
    withNamespace: flags.bool('all-namespaces') && resource.namespaced,
    withKind: several || flags.bool('show-kind'),
    showLabels: flags.bool('show-labels'),
    labelColumns: flags.list('label-columns'),
  };
}

async function fetchTable(invocation: Invocation, { resource, namespace, name }: Part): Promise<Table> {
  const { client, flags } = invocation;
  const includeObject = flags.text('sort-by') ? 'Object' : undefined;
  const subresource = flags.text('subresource');
  const rows: Table['rows'][number][] = [];
  let next: string | undefined;
  for (;;) {
    const table = (
      name === undefined
        ? await client.page(
            resource,
            namespace,
            { limit: flags.text('chunk-size'), includeObject, ...selectionQuery(invocation), continue: next },
            tableAccept,
          )
        : await client.get(resource, namespace, name, {
            accept: tableAccept,
            query: { includeObject },
            ...(subresource && { subresource }),
          })
    ) as Table;
    rows.push(...table.rows);
    next = table.metadata?.continue || undefined;
    if (next === undefined) return { ...table, rows };
  }
}

async function printTables(invocation: Invocation, parts: readonly Part[]): Promise<void> {
  const { flags } = invocation;
  const { found, errors } = await fetchAll(invocation, parts, (part) => fetchTable(invocation, part));
  const several = new Set(found.map(([{ resource }]) => resource)).size > 1;
  const sortBy = flags.text('sort-by');
  let writer = new TableWriter();
  let last: Resource | null = null;
  let written = '';
  for (const [{ resource }, table] of found) {
    if (table.rows.length === 0) continue;
    const options = tableOptions(invocation, resource, several);
    const columns = table.columnDefinitions ?? [];
    if (resource !== last) {
      written += writer.flush();
      if (last && !flags.bool('no-headers')) written += '\n';
      writer = new TableWriter();
      if (!flags.bool('no-headers')) writer.add(headersOf(columns, options));
      last = resource;
    }
    const rows = sortBy ? sortRows(table.rows, sortBy) : table.rows;
    for (const row of rows) writer.add(cellsOf(row, columns, resource, options));
  }
  written += writer.flush();
  await invocation.out(written);
  if (written === '' && errors.length === 0 && !flags.bool('ignore-not-found')) {
    const inNamespace = !flags.bool('all-namespaces') && found.every(([{ resource }]) => resource.namespaced);
    await invocation.err(
      inNamespace ? `No resources found in ${invocation.namespace} namespace.\n` : 'No resources found\n',
    );
  }
  throwAll(errors);
}

async function watch(
  invocation: Invocation,
  parts: readonly Part[],
  printer: ObjectPrinter | null,
): Promise<void> {
  const { flags, client } = invocation;
  if (new Set(parts.map(({ resource }) => resource)).size > 1)
    throw new CommandError('you may only specify a single resource type');
  if (parts.length !== 1) {
    throw new CommandError(
      `watch is only supported on individual resources and resource collections - ${parts.length} resources were found`,
    );
  }
  const { resource, namespace, name } = parts[0]!;
  const show = rowPrinter(invocation, resource, printer);
  const accept = printer ? 'application/json' : tableAccept;
  const query: Record<string, string | undefined> = {};
  if (name === undefined) {
    Object.assign(query, selectionQuery(invocation));
    const page = await client.page(
      resource,
      namespace,
      { limit: flags.text('chunk-size'), ...query },
      accept,
    );
    const list = page as Table & { items?: readonly KubeObject[] };
    query['resourceVersion'] = list.metadata?.resourceVersion;
    if (!flags.bool('watch-only')) {
      if (list.items) for (const item of list.items) await show('ADDED', typed(resource, item));
      else await show('ADDED', list);
    }
  } else {
    const present = await client.get(resource, namespace, name, { accept });
    const resourceVersion = flags.bool('watch-only') ? present.metadata.resourceVersion : '0';
    Object.assign(query, { fieldSelector: `metadata.name=${name}`, resourceVersion });
  }
  // Whoever limits a request limits the watch too, and ends as if the server had.
  const timeoutMs = requestTimeoutMs(flags.text('request-timeout'));
  const deadline = timeoutMs > 0 ? { deadlineMs: invocation.nowMs + timeoutMs } : {};
  try {
    for await (const event of client.watch(resource, namespace, query, { accept, ...deadline })) {
      if (event.type === 'ERROR')
        throw new CommandError((event.object as unknown as { message: string }).message);
      if (event.type !== 'BOOKMARK') await show(event.type, event.object);
    }
  } catch (error) {
    if (!(error instanceof Timeout)) throw error;
  }
}

/** The longest of them is MODIFIED. */
const eventWidth = 8;

/** Shows what a watch brings: objects through `printer`, or table rows under headings that are printed once. */
function rowPrinter(
  invocation: Invocation,
  resource: Resource,
  printer: ObjectPrinter | null,
): (type: string, object: unknown) => Promise<void> {
  const { flags } = invocation;
  const withEvents = flags.bool('output-watch-events');
  if (printer) return async (type, object) => invocation.out(printer(withEvents ? { type, object } : object));
  const options = tableOptions(invocation, resource, false);
  const writer = new TableWriter();
  let columns: NonNullable<Table['columnDefinitions']> = [];
  let headed = flags.bool('no-headers');
  return async (type, object) => {
    const table = object as Table;
    if (table.columnDefinitions?.length) columns = table.columnDefinitions;
    if (table.rows.length === 0) return;
    if (!headed)
      writer.add([...(withEvents ? ['EVENT'.padEnd(eventWidth)] : []), ...headersOf(columns, options)]);
    headed = true;
    for (const row of table.rows)
      writer.add([
        ...(withEvents ? [type.padEnd(eventWidth)] : []),
        ...cellsOf(row, columns, resource, options),
      ]);
    await invocation.out(writer.flush());
  };
}
