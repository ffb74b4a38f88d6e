// Upstream: sigs.k8s.io/kustomize/api/internal/target/kusttarget.go, api/internal/loader/fileloader.go
import type { KubeObject } from '#kubernetes/api/object.ts';
import { parseDocument, splitDocuments } from '#kubernetes/apimachinery/yamlDocument.ts';
import type { FileSystem } from '#world/machine/fileSystem.ts';
import { resolvePath } from '#world/machine/fileSystem.ts';
import { CommandError } from '../errors.ts';
import * as specs from './fieldSpecs.ts';
import { generated, hashOf } from './generators.ts';
import { type Kustomization, readKustomization } from './kustomization.ts';
import { inOrder } from './order.ts';
import { patched } from './patches.ts';
import { changeAt, changed, idOf, isNamespaced, renamed, type Resource, wasCalled } from './resource.ts';

const fileNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
/** Directories that may lie in each other's resources. */
const depthMax = 50;
/** Kinds whose names no prefix or suffix changes. */
const fixedNames = new Set(['APIService', 'CustomResourceDefinition', 'Namespace']);

export interface Built {
  readonly objects: readonly KubeObject[];
  readonly warnings: readonly string[];
}

/** What the kustomization in a directory makes, what must be there first before the rest. Throws CommandError. */
export function build(files: FileSystem, workingDirectory: string, directory: string): Built {
  const path = resolvePath(workingDirectory, directory);
  if (files.status(path)?.type !== 'directory')
    throw new CommandError(
      files.status(path) === null
        ? `must build at directory: not a valid directory: evalsymlink failure on '${directory}' : lstat ${path}: no such file or directory`
        : `must build at directory: '${directory}': file is not directory`,
    );
  const builder = new Builder(files);
  const resources = builder.layer(path, 0);
  const hashed = withNames(resources, ({ object, needsHash }) =>
    needsHash ? `${object.metadata.name}-${hashOf(object)}` : object.metadata.name,
  );
  return { objects: hashed.map(({ object }) => object).sort(inOrder), warnings: builder.warnings };
}

class Builder {
  readonly warnings: string[] = [];
  readonly #files: FileSystem;

  constructor(files: FileSystem) {
    this.#files = files;
  }

  /** The resources of one directory, with all that its kustomization does to them. */
  layer(directory: string, depth: number): readonly Resource[] {
    if (depth > depthMax)
      throw new CommandError(`cycle detected: candidate root '${directory}' contains itself`);
    const kustomization = this.#read(directory);
    this.warnings.push(...kustomization.warnings);
    const read = (path: string) => this.#text(directory, path);
    let resources = kustomization.resources.reduce<readonly Resource[]>(
      (all, entry) => added(all, this.#entry(directory, entry, depth), entry, resolvePath(directory, entry)),
      [],
    );
    const { generatorOptions } = kustomization;
    resources = generated(resources, 'ConfigMap', kustomization.configMapGenerator, generatorOptions, read);
    resources = generated(resources, 'Secret', kustomization.secretGenerator, generatorOptions, read);
    for (const { path, patch, target } of kustomization.patches)
      resources = patched(resources, patch ?? this.#patchText(directory, path ?? ''), target);
    return transformed(resources, kustomization);
  }

  #read(directory: string): Kustomization {
    const found = fileNames.filter((name) => this.#files.status(`${directory}/${name}`)?.type === 'file');
    if (found.length === 0)
      throw new CommandError(
        `unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${directory}'`,
      );
    if (found.length > 1) throw new CommandError(`Found multiple kustomization files under: ${directory}\n`);
    return readKustomization(this.#files.read(`${directory}/${found[0]}`));
  }

  #entry(directory: string, entry: string, depth: number): readonly Resource[] {
    if (/^(https?:\/\/|git@|github\.com\/)/.test(entry))
      throw new CommandError(
        `Podarium does not reach the internet: save ${entry} to a file and name that under resources`,
      );
    const path = resolvePath(directory, entry);
    const type = this.#files.status(path)?.type;
    if (type === 'directory') return this.layer(path, depth + 1);
    try {
      return resourcesOf(this.#text(directory, entry));
    } catch (error) {
      const why = (error as Error).message;
      const beside =
        type === undefined ? `not a valid directory: ${why}` : `'${path}': file is not directory`;
      throw new CommandError(
        `accumulating resources: accumulation err='accumulating resources from '${entry}': ${why}': must build at directory: ${beside}`,
      );
    }
  }

  #patchText(directory: string, path: string): string {
    try {
      return this.#text(directory, path);
    } catch (error) {
      throw new CommandError(
        `trouble configuring builtin PatchTransformer with config: \`\npath: ${path}\n\`: failed to get the patch file from path(${path}): ${(error as Error).message}`,
      );
    }
  }

  /** A file in or below a directory. Throws an Error. */
  #text(directory: string, name: string): string {
    const path = resolvePath(directory, name);
    if (this.#files.status(path) === null)
      throw new CommandError(`evalsymlink failure on '${path}' : lstat ${path}: no such file or directory`);
    if (!path.startsWith(`${directory}/`))
      throw new CommandError(`security; file '${path}' is not in or below '${directory}'`);
    return this.#files.read(path);
  }
}

function resourcesOf(text: string): readonly Resource[] {
  return splitDocuments(text)
    .map((document) => parseDocument(document, 3) as KubeObject | null)
    .flatMap((object) => {
      if (object === null) return [];
      if (!object.kind) throw new CommandError('missing metadata.name or kind in object');
      const items = (object as KubeObject & { items?: readonly KubeObject[] }).items;
      return object.kind.endsWith('List') && items !== undefined ? items : [object];
    })
    .map((object) => ({ object, names: [object.metadata.name], needsHash: false }));
}

/** Both together. Throws CommandError where one has another's name. */
function added(
  all: readonly Resource[],
  more: readonly Resource[],
  entry: string,
  path: string,
): readonly Resource[] {
  const known = new Set(all.map(({ object }) => idOf(object)));
  const twice = more.find(({ object }) => known.has(idOf(object)));
  if (twice !== undefined)
    throw new CommandError(
      `accumulating resources: accumulation err='merging resources from '${entry}': may not add resource with an already registered id: ${idOf(twice.object)}': must build at directory: '${path}': file is not directory`,
    );
  return [...all, ...more];
}

function transformed(resources: readonly Resource[], kustomization: Kustomization): readonly Resource[] {
  const { namespace, namePrefix = '', nameSuffix = '', commonAnnotations } = kustomization;
  let all = resources;
  if (namespace) all = all.map((one) => changed(one, (object) => inNamespace(object, namespace)));
  all = withNames(all, ({ object }) =>
    fixedNames.has(object.kind) ? object.metadata.name : namePrefix + object.metadata.name + nameSuffix,
  );
  const add = (where: readonly specs.FieldSpec[], pairs: Readonly<Record<string, string>> = {}) => {
    all = all.map((one) => changed(one, (object) => withPairs(object, where, pairs)));
  };
  const everywhere = [...specs.metadataLabels, ...specs.templateLabels, ...specs.selectors];
  for (const { pairs, includeSelectors, includeTemplates } of kustomization.labels)
    add(
      includeSelectors
        ? everywhere
        : includeTemplates
          ? [...specs.metadataLabels, ...specs.templateLabels]
          : specs.metadataLabels,
      pairs,
    );
  add(everywhere, kustomization.commonLabels);
  add(specs.annotations, commonAnnotations);
  for (const { name, count } of kustomization.replicas)
    all = all.map((one) =>
      wasCalled(one, name) ? changed(one, (object) => setAt(object, specs.replicas, () => count)) : one,
    );
  for (const image of kustomization.images)
    all = all.map((one) =>
      changed(one, (object) => setAt(object, specs.images, (value) => withImage(String(value), image))),
    );
  return all;
}

function setAt(
  object: KubeObject,
  where: readonly specs.FieldSpec[],
  change: (value: unknown) => unknown,
): KubeObject {
  return where
    .filter(({ kinds }) => kinds === undefined || kinds.includes(object.kind))
    .reduce((one, { path, creates }) => changeAt(one, path, change, creates), object);
}

function withPairs(
  object: KubeObject,
  where: readonly specs.FieldSpec[],
  pairs: Readonly<Record<string, string>>,
): KubeObject {
  if (Object.keys(pairs).length === 0) return object;
  return setAt(object, where, (value) => ({ ...(value as object | undefined), ...pairs }));
}

function inNamespace(object: KubeObject, namespace: string): KubeObject {
  if (object.kind === 'Namespace') return { ...object, metadata: { ...object.metadata, name: namespace } };
  const subjects = setAt(
    object,
    [{ kinds: ['RoleBinding', 'ClusterRoleBinding'], path: ['subjects', '*'], creates: false }],
    (subject) => {
      const { kind, name } = subject as { kind?: string; name?: string };
      return kind === 'ServiceAccount' && name === 'default'
        ? { ...(subject as object), namespace }
        : subject;
    },
  );
  return isNamespaced(object) ? { ...subjects, metadata: { ...subjects.metadata, namespace } } : subjects;
}

function withImage(
  image: string,
  { name, newName, newTag, digest }: Kustomization['images'][number],
): string {
  if (image !== name && !image.startsWith(`${name}:`) && !image.startsWith(`${name}@`)) return image;
  const rest = digest ? `@${digest}` : newTag ? `:${newTag}` : image.slice(name.length);
  return (newName || name) + rest;
}

/** The resources with new names, and everything that names them by the old ones. */
function withNames(
  resources: readonly Resource[],
  nameOf: (resource: Resource) => string,
): readonly Resource[] {
  const after = resources.map((one) => renamed(one, nameOf(one)));
  const named: Named = new Map();
  for (const { object, names } of after)
    for (const name of names) named.set(`${object.kind}/${name}`, object);
  // Who is called so now is meant before who was.
  for (const { object } of after) named.set(`${object.kind}/${object.metadata.name}`, object);
  return after.map((one) => changed(one, (object) => withReferences(object, named)));
}

/** The objects by `KIND/NAME`, with all names that they have had. */
type Named = Map<string, KubeObject>;

function withReferences(object: KubeObject, named: Named): KubeObject {
  let result = object;
  for (const [kind, where] of Object.entries(specs.references))
    result = setAt(result, where, (name) => named.get(`${kind}/${String(name)}`)?.metadata.name ?? name);
  return setAt(result, specs.typedReferences, (reference) => {
    const { kind, name } = reference as { readonly kind?: string; readonly name?: string };
    const found = named.get(`${kind}/${name}`)?.metadata;
    if (found === undefined) return reference;
    const { namespace } = found;
    const isAccount = kind === 'ServiceAccount' && namespace !== undefined;
    return { ...(reference as object), name: found.name, ...(isAccount && { namespace }) };
  });
}
