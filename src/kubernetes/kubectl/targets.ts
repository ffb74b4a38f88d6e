// Upstream: cli-runtime/pkg/resource/builder.go
import type { KubeObject } from '#kubernetes/api/object.ts';
import { parseSelector } from '#kubernetes/apimachinery/labelSelectorParser.ts';
import { CommandError } from './errors.ts';
import { array, bool, text } from './flags.ts';
import type { Invocation } from './invocation.ts';
import { targetsFromFiles } from './files.ts';
import { targetOf, type Target } from './target.ts';
import { typed } from './typed.ts';
import type { Resource, RestMapper } from './restMapper.ts';

/** A resource type from the arguments, with a name or for all objects of it. */
export interface Reference {
  readonly resource: Resource;
  readonly name: string | undefined;
}

const missingResource = `You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'`;

export const fileFlags = [
  array('filename', 'Filename, directory, or URL to files that contain the resource.', { short: 'f' }),
  bool('recursive', 'Process the directory used in -f, --filename recursively.', { short: 'R' }),
  text('kustomize', "Process the kustomization directory. This flag can't be used together with -f or -R.", {
    short: 'k',
  }),
];

export const selectorFlag = text(
  'selector',
  'Selector (label query) to filter on, supports =, ==, !=, in and notin.',
  { short: 'l' },
);
export const fieldSelectorFlag = text(
  'field-selector',
  "Selector (field query) to filter on, supports '=', '==', and '!='.",
);
export const allNamespacesFlag = bool(
  'all-namespaces',
  'If present, list the requested object(s) across all namespaces.',
  { short: 'A' },
);

/** What `referencesOf` reads, with what the mapper has to say about the names. */
export async function readReferences(invocation: Invocation, args: readonly string[]): Promise<Reference[]> {
  const mapper = await invocation.mapper();
  const references = referencesOf(mapper, args);
  for (const warning of new Set(mapper.warnings.splice(0))) await invocation.warn(warning);
  return references;
}

/** Reads `pods`, `pod web`, `deploy/web svc/web`, `po,svc`; categories are expanded. */
export function referencesOf(mapper: RestMapper, args: readonly string[]): Reference[] {
  const slashes = args.filter((arg) => arg.includes('/')).length;
  if (slashes > 0 && slashes < args.length) {
    throw new CommandError(
      "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
    );
  }
  if (slashes > 0) {
    return args.map((arg) => {
      const [type = '', name = '', more] = arg.split('/');
      if (more !== undefined)
        throw new CommandError('arguments in resource/name form may not have more than one slash');
      if (type === '' || name === '' || type.includes(',')) {
        throw new CommandError('arguments in resource/name form must have a single resource and name');
      }
      return { resource: mapper.resource(type), name };
    });
  }
  const [types, ...names] = args;
  if (types === undefined) return [];
  const resources = mapper.resourcesOf(types);
  if (names.length === 0) return resources.map((resource) => ({ resource, name: undefined }));
  return resources.flatMap((resource) => [...new Set(names)].map((name) => ({ resource, name })));
}

export interface Selection {
  readonly args: readonly string[];
  /** What to do with types that have no names: all of them, or only with a selector. */
  readonly all?: boolean;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly allNamespaces?: boolean;
  /** False for commands that only write: objects are not fetched first. */
  readonly fetch?: boolean;
  readonly ignoreNotFound?: boolean;
}

/** The objects that files or arguments name; failures of single ones are collected in `errors`. */
export async function targetsOf(
  invocation: Invocation,
  selection: Selection,
): Promise<{ targets: Target[]; errors: unknown[] }> {
  const { args, labelSelector, fieldSelector } = selection;
  const files = invocation.flags.list('filename');
  if (files.length > 0) {
    if (args.length > 0) {
      throw new CommandError(
        'when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well',
      );
    }
    const found = await targetsFromFiles(invocation, files);
    if (!labelSelector) return found;
    const selector = parseSelector(labelSelector);
    return {
      ...found,
      targets: found.targets.filter(({ object }) => selector.matches(object.metadata.labels)),
    };
  }
  if (args.length === 0) throw new CommandError(missingResource);
  const references = await readReferences(invocation, args);
  const named = references.some((reference) => reference.name !== undefined);
  const selects = selection.all || labelSelector || fieldSelector;
  if (named && selects) {
    throw new CommandError(
      args[0]!.includes('/')
        ? 'selectors and the all flag cannot be used when passing resource/name arguments'
        : 'name cannot be provided when a selector is specified',
    );
  }
  if (!named && !selects) throw new CommandError('resource(s) were provided, but no name was specified');
  const collected = { targets: [] as Target[], errors: [] as unknown[] };
  for (const reference of references) await resolve(invocation, reference, selection, collected);
  return collected;
}

async function resolve(
  invocation: Invocation,
  { resource, name }: Reference,
  selection: Selection,
  { targets, errors }: { targets: Target[]; errors: unknown[] },
): Promise<void> {
  const { client } = invocation;
  const namespace = resource.namespaced ? invocation.namespace : '';
  try {
    if (name === undefined) {
      const { items } = await client.list(resource, selection.allNamespaces ? '' : namespace, {
        labelSelector: selection.labelSelector || undefined,
        fieldSelector: selection.fieldSelector || undefined,
      });
      for (const item of items) targets.push(targetOf(resource, typed(resource, item)));
    } else if (selection.allNamespaces) {
      throw new CommandError('a resource cannot be retrieved by name across all namespaces');
    } else if (selection.fetch === false) {
      targets.push({ resource, namespace, name, source: '', object: bare(resource, namespace, name) });
    } else {
      targets.push(targetOf(resource, await client.get(resource, namespace, name)));
    }
  } catch (error) {
    const isMissing = (error as { reason?: string }).reason === 'NotFound';
    if (!(selection.ignoreNotFound && isMissing)) errors.push(error);
  }
}

function bare(resource: Resource, namespace: string, name: string): KubeObject {
  const apiVersion = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
  const metadata = { name, ...(namespace && { namespace }) } as KubeObject['metadata'];
  return { apiVersion, kind: resource.kind, metadata };
}

/** `-f` is needed by apply, create, replace and diff. */
export function requireFiles(invocation: Invocation): void {
  if (invocation.flags.list('filename').length === 0) throw new CommandError('must specify one of -f and -k');
}
