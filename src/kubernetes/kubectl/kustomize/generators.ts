// Upstream: sigs.k8s.io/kustomize/api/{kv/kv.go,hasher/hasher.go,internal/generators}
import { encodeBase64 } from '#kubernetes/api/base64.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { hex, sha256 } from '#kubernetes/apimachinery/sha256.ts';
import { CommandError } from '../errors.ts';
import { sortKeys } from '../output/json.ts';
import type { Generator, GeneratorOptions } from './kustomization.ts';
import { type Resource, wasCalled } from './resource.ts';

interface Data {
  readonly data?: Readonly<Record<string, string>>;
}

/** The resources with what the generators make added or merged in. `read` returns a file's text. Throws CommandError. */
export function generated(
  resources: readonly Resource[],
  kind: 'ConfigMap' | 'Secret',
  generators: readonly Generator[],
  common: GeneratorOptions | undefined,
  read: (path: string) => string,
): readonly Resource[] {
  return generators.reduce((all, generator) => {
    const made = make(kind, generator, common, read);
    const { behavior = 'create' } = generator;
    const at = all.findIndex(
      ({ object, ...rest }) => object.kind === kind && wasCalled({ object, ...rest }, made.names[0]!),
    );
    if (behavior === 'create') {
      if (at >= 0)
        throw new CommandError(
          `id resid.ResId{Gvk:resid.Gvk{Group:"", Version:"v1", Kind:${JSON.stringify(kind)}, isClusterScoped:false}, Name:${JSON.stringify(made.names[0])}, Namespace:""} exists; behavior must be merge or replace`,
        );
      return [...all, made];
    }
    if (at < 0)
      throw new CommandError(
        `id resid.ResId{Gvk:resid.Gvk{Group:"", Version:"v1", Kind:${JSON.stringify(kind)}, isClusterScoped:false}, Name:${JSON.stringify(made.names[0])}, Namespace:""} does not exist; cannot merge or replace`,
      );
    return all.map((one, index) => (index === at ? joined(one, made, behavior) : one));
  }, resources);
}

function joined(old: Resource, made: Resource, behavior: 'merge' | 'replace'): Resource {
  const { metadata } = old.object;
  const own = made.object as KubeObject & Data;
  const data = behavior === 'merge' ? { ...(old.object as KubeObject & Data).data, ...own.data } : own.data;
  const labels = { ...metadata.labels, ...own.metadata.labels };
  const annotations = { ...metadata.annotations, ...own.metadata.annotations };
  const object = {
    ...old.object,
    ...own,
    ...(data && { data }),
    metadata: {
      ...metadata,
      ...(Object.keys(labels).length > 0 && { labels }),
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
  } as KubeObject;
  return { ...old, object, needsHash: made.needsHash };
}

function make(
  kind: 'ConfigMap' | 'Secret',
  generator: Generator,
  common: GeneratorOptions | undefined,
  read: (path: string) => string,
): Resource {
  const { name = '', namespace, type = 'Opaque', options } = generator;
  if (name === '') throw new CommandError(`${kind} name is required`);
  const pairs = pairsOf(generator, read);
  const labels = { ...common?.labels, ...options?.labels };
  const annotations = { ...common?.annotations, ...options?.annotations };
  const encode = (text: string) => (kind === 'Secret' ? encodeBase64(text) : text);
  const data = Object.fromEntries(pairs.map(([key, value]) => [key, encode(value)]));
  const object = {
    apiVersion: 'v1',
    kind,
    metadata: {
      name,
      ...(namespace && { namespace }),
      ...(Object.keys(labels).length > 0 && { labels }),
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    ...(pairs.length > 0 && { data }),
    ...(kind === 'Secret' && { type }),
    ...((options?.immutable ?? common?.immutable) && { immutable: true }),
  } as unknown as KubeObject;
  const isPlain = options?.disableNameSuffixHash === true || common?.disableNameSuffixHash === true;
  return { object, names: [name], needsHash: !isPlain };
}

function pairsOf(generator: Generator, read: (path: string) => string): [string, string][] {
  const { literals = [], files = [], envs = [], env } = generator;
  const source = (what: string, list: readonly string[], error: unknown) =>
    new CommandError(`loading KV pairs: ${what} sources: [${list.join(' ')}]: ${(error as Error).message}`);
  const pairs: [string, string][] = [];
  for (const path of env === undefined ? envs : [...envs, env]) {
    try {
      for (const line of read(path).split('\n')) {
        const text = line.trim();
        if (text === '' || text.startsWith('#')) continue;
        const at = text.indexOf('=');
        pairs.push([at < 0 ? text : text.slice(0, at), at < 0 ? '' : text.slice(at + 1)]);
      }
    } catch (error) {
      throw source('env', envs, error);
    }
  }
  for (const literal of literals) {
    const at = literal.indexOf('=');
    if (at <= 0)
      throw new CommandError(
        `loading KV pairs: literal sources [${literals.join(' ')}]: invalid literal source ${literal}, expected key=value`,
      );
    pairs.push([literal.slice(0, at), literal.slice(at + 1).replace(/^(['"])(.*)\1$/s, '$2')]);
  }
  for (const file of files) {
    const at = file.indexOf('=');
    const path = at < 0 ? file : file.slice(at + 1);
    const key = at < 0 ? path.slice(path.lastIndexOf('/') + 1) : file.slice(0, at);
    try {
      pairs.push([key, read(path)]);
    } catch (error) {
      throw source('file', files, error);
    }
  }
  return pairs;
}

const letters: Readonly<Record<string, string>> = { 0: 'g', 1: 'h', 3: 'k', a: 'm', e: 't' };

/** Ten letters that say what is in a ConfigMap or Secret. */
export function hashOf(object: KubeObject): string {
  const { kind, data, binaryData, type, stringData } = object as KubeObject &
    Readonly<Record<string, unknown>>;
  const hashed =
    kind === 'Secret'
      ? {
          data: data ?? '',
          kind,
          name: '',
          ...(stringData !== undefined && { stringData }),
          type: type ?? '',
        }
      : { ...(binaryData !== undefined && { binaryData }), data: data ?? '', kind, name: '' };
  return hex(sha256(JSON.stringify(sortKeys(hashed))))
    .toLowerCase()
    .slice(0, 10)
    .replaceAll(/[013ae]/g, (letter) => letters[letter]!);
}
