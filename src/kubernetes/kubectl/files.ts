// Upstream: cli-runtime/pkg/resource/visitor.go
import type { KubeObject } from '#kubernetes/api/object.ts';
import { DecodeError, decodeValue } from '#kubernetes/api/schema.ts';
import { isObject } from '#kubernetes/apimachinery/goValue.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { FileError, resolvePath } from '#world/machine/fileSystem.ts';
import { CommandError, withSource } from './errors.ts';
import type { Invocation } from './invocation.ts';
import { parseDocument, splitDocuments } from '#kubernetes/apimachinery/yamlDocument.ts';
import { build } from './kustomize/build.ts';
import { sortKeys, toCompactJson } from './output/json.ts';
import type { RestMapper } from './restMapper.ts';
import type { Target } from './target.ts';

interface Source {
  /** As error sentences name it: the path, or `STDIN`. */
  readonly name: string;
  readonly text: string;
}

/** How `-k DIR` is among the names of files. */
export const kustomizeScheme = 'kustomize:';

const extensions = ['.json', '.yaml', '.yml'];
/** Files and documents are read in pieces of about this many characters, with a simulation step between them. */
const charactersPerStep = 100_000;

/** Reads the whole of standard input. */
export async function readAll(invocation: Invocation): Promise<string> {
  let text = '';
  for (;;) {
    const piece = await invocation.process.stdin.read();
    if (piece === null) return text;
    text += piece;
  }
}

/** The files that `-f` names: `-` is standard input, a directory stands for its manifests. */
export async function sourcesOf(invocation: Invocation, path: string): Promise<Source[]> {
  const { files, workingDirectory } = invocation.process;
  if (path === '-') return [{ name: 'STDIN', text: await readAll(invocation) }];
  if (path.startsWith(kustomizeScheme)) return [await built(invocation, path.slice(kustomizeScheme.length))];
  if (/^https?:\/\//.test(path)) {
    throw new CommandError(
      `Podarium does not reach the internet: save ${path} to a file and use -f with that instead`,
    );
  }
  const absolute = resolvePath(workingDirectory, path);
  const status = files.status(absolute);
  if (status === null) {
    if (/[*?[]/.test(path)) return await globbed(invocation, path);
    throw new CommandError(`the path ${JSON.stringify(path)} does not exist`);
  }
  if (status.type === 'file') return [{ name: path, text: files.read(absolute) }];
  const found = manifestsIn(invocation, path.replace(/\/$/, ''), invocation.flags.bool('recursive'));
  if (found.length === 0) {
    throw new CommandError(
      `error reading [${path}]: recognized file extensions are [${extensions.join(' ')}]`,
    );
  }
  return found;
}

/** What the kustomization in a directory makes. */
async function built(invocation: Invocation, directory: string): Promise<Source> {
  const { files, workingDirectory } = invocation.process;
  const { objects, warnings } = build(files, workingDirectory, directory);
  for (const warning of warnings) await invocation.err(`${warning}\n`);
  return { name: directory, text: objects.map((object) => JSON.stringify(object)).join('\n---\n') };
}

async function globbed(invocation: Invocation, path: string): Promise<Source[]> {
  const slash = path.lastIndexOf('/');
  const directory = path.slice(0, slash + 1);
  const pattern = path
    .slice(slash + 1)
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const absolute = resolvePath(invocation.process.workingDirectory, directory || '.');
  let names: string[] = [];
  try {
    names = invocation.process.files.list(absolute).filter((name) => new RegExp(`^${pattern}$`).test(name));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
  }
  if (names.length === 0) throw new CommandError(`the path ${JSON.stringify(path)} does not exist`);
  const sources: Source[] = [];
  for (const name of names) sources.push(...(await sourcesOf(invocation, directory + name)));
  return sources;
}

function manifestsIn(invocation: Invocation, directory: string, recursive: boolean): Source[] {
  const { files, workingDirectory } = invocation.process;
  return files.list(resolvePath(workingDirectory, directory)).flatMap((name) => {
    const path = `${directory}/${name}`;
    const absolute = resolvePath(workingDirectory, path);
    if (files.status(absolute)?.type === 'directory')
      return recursive ? manifestsIn(invocation, path, true) : [];
    return extensions.some((extension) => name.endsWith(extension))
      ? [{ name: path, text: files.read(absolute) }]
      : [];
  });
}

/**
 * The objects in files, in their order. What cannot be read or mapped is an error of its own beside the
 * objects that can, as kubectl goes on after a bad document's file.
 */
export async function targetsFromFiles(
  invocation: Invocation,
  paths: readonly string[],
): Promise<{ targets: Target[]; errors: unknown[] }> {
  const sources: Source[] = [];
  for (const path of paths) sources.push(...(await sourcesOf(invocation, path)));
  const targets: Target[] = [];
  const errors: unknown[] = [];
  let characters = 0;
  for (const source of sources) {
    try {
      for (const document of splitDocuments(source.text)) {
        characters += document.length;
        if (characters > charactersPerStep) {
          characters = 0;
          await invocation.process.sleep(0);
        }
        await readDocument(invocation, source.name, document, targets, errors);
      }
    } catch (error) {
      errors.push(
        error instanceof StatusError || error instanceof CommandError
          ? error
          : parseError(source.name, error),
      );
    }
  }
  return { targets, errors };
}

function parseError(source: string, error: unknown): CommandError {
  return new CommandError(`error parsing ${source}: ${(error as Error).message}`);
}

async function readDocument(
  invocation: Invocation,
  source: string,
  text: string,
  targets: Target[],
  errors: unknown[],
): Promise<void> {
  const value = inGoOrder(read(source, text));
  if (value === null || value === undefined) return;
  const validate = invocation.flags.text('validate');
  if (validate !== '' && validate !== 'false' && validate !== 'ignore') checkType(source, value);
  const object = value as Partial<KubeObject> & { items?: unknown[] };
  const json = () => toCompactJson(sortKeys(value));
  if (typeof value !== 'object' || Array.isArray(value)) {
    const type = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
    throw new CommandError(
      `unable to decode ${JSON.stringify(source)}: json: cannot unmarshal ${type} into Go value of type unstructured.detector`,
    );
  }
  for (const [field, key] of [
    ['kind', 'Kind'],
    ['apiVersion', 'apiVersion'],
  ] as const) {
    if (!object[field])
      throw new CommandError(
        `unable to decode ${JSON.stringify(source)}: Object '${key}' is missing in '${json()}'`,
      );
  }
  checkMetadata(source, object.metadata);
  const mapper = await invocation.mapper();
  const objects =
    Array.isArray(object.items) && object.kind!.endsWith('List')
      ? (object.items as Partial<KubeObject>[])
      : [object];
  for (const one of objects) {
    try {
      targets.push(mapped(invocation, mapper, source, one as KubeObject));
    } catch (error) {
      errors.push(error);
    }
  }
}

/** An object's metadata is read by its type, whatever the kind. Throws CommandError. */
function checkMetadata(source: string, metadata: unknown): void {
  if (metadata === undefined || metadata === null) return;
  if (!isObject(metadata)) {
    const type = Array.isArray(metadata) ? 'array' : typeof metadata === 'boolean' ? 'bool' : typeof metadata;
    throw new CommandError(
      `unable to decode ${JSON.stringify(source)}: json: cannot unmarshal ${type} into Go struct field metadataOnlyObject.metadata of type v1.ObjectMeta`,
    );
  }
  try {
    decodeValue('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta', metadata);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const why = error.message.replace('field ObjectMeta.', 'field ObjectMeta.metadata.');
    throw new CommandError(`unable to decode ${JSON.stringify(source)}: ${why}`);
  }
}

/** A document with its fields in the order in which kubectl sends them, and the server complains of them. */
function inGoOrder(value: unknown): unknown {
  return isObject(value) ? sortKeys(value) : value;
}

function read(source: string, text: string): unknown {
  try {
    return parseDocument(text);
  } catch (error) {
    throw error instanceof StatusError ? withSource(error, 'creating', source) : parseError(source, error);
  }
}

/** What client-side validation still checks by itself. */
function checkType(source: string, value: unknown): void {
  const wrong = typeProblems(value);
  if (wrong.length === 0) return;
  const list = wrong.length === 1 ? wrong[0]! : `[${wrong.join(', ')}]`;
  throw new CommandError(
    `error validating ${JSON.stringify(source)}: error validating data: ${list}; if you choose to ignore these errors, turn validation off with --validate=false`,
  );
}

/** Why a value does not say what it is. */
export function typeProblems(value: unknown): string[] {
  if (!isObject(value)) return ['invalid object to validate'];
  return ['apiVersion', 'kind'].flatMap((field) => {
    if (!value[field]) return [`${field} not set`];
    return typeof value[field] === 'string' ? [] : [`${field} isn't string type`];
  });
}

/** An object with the resource it belongs to and the namespace it goes to. */
function mapped(invocation: Invocation, mapper: RestMapper, source: string, object: KubeObject): Target {
  const { apiVersion, kind } = object;
  const metadata: Partial<KubeObject['metadata']> = object.metadata ?? {};
  const resource = mapper.ofKind(apiVersion, kind);
  if (!resource) {
    throw new CommandError(
      `resource mapping not found for name: ${JSON.stringify(metadata.name ?? '')} namespace: ${JSON.stringify(metadata.namespace ?? '')} from ${JSON.stringify(source)}: no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}\nensure CRDs are installed first${rewriteHint(mapper, apiVersion, kind)}`,
    );
  }
  const name = metadata.name ?? '';
  if (!resource.namespaced) return { resource, namespace: '', name, source, object };
  const namespace = metadata.namespace ?? invocation.namespace;
  if (invocation.namespaceIsExplicit && namespace !== invocation.namespace) {
    throw new CommandError(
      `the namespace from the provided object "${namespace}" does not match the namespace "${invocation.namespace}". You must pass '--namespace=${namespace}' to perform this operation.`,
    );
  }
  // Without a server there is no mapping that would know of namespaces.
  const isLocal = invocation.flags.bool('local');
  const placed =
    metadata.namespace === undefined && !isLocal
      ? { ...object, metadata: { ...object.metadata, namespace } }
      : object;
  return { resource, namespace, name, source, object: placed };
}

/** Beyond kubectl: says in which version the kind is served today, if it is. */
function rewriteHint(mapper: RestMapper, apiVersion: string, kind: string): string {
  const today = mapper.preferred.find((resource) => resource.kind === kind);
  if (!today) return '';
  const version = today.group === '' ? today.version : `${today.group}/${today.version}`;
  return version === apiVersion ? '' : `\nhint: this cluster serves ${kind} as apiVersion: ${version}`;
}
