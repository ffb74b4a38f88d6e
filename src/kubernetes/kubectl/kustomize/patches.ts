// Upstream: sigs.k8s.io/kustomize/api/internal/builtins/PatchTransformer.go, kyaml/yaml/merge2
import type { KubeObject } from '#kubernetes/api/object.ts';
import { patchSchemaOf } from '#kubernetes/api/mergeKeys.ts';
import { builtInKinds } from '#kubernetes/api/registry.ts';
import { isObject } from '#kubernetes/apimachinery/goValue.ts';
import { applyJsonPatch } from '#kubernetes/apimachinery/jsonPatch.ts';
import { parseSelector } from '#kubernetes/apimachinery/labelSelectorParser.ts';
import type { PatchSchema } from '#kubernetes/apimachinery/patchSchema.ts';
import { parseDocument, splitDocuments } from '#kubernetes/apimachinery/yamlDocument.ts';
import { compileRe2 } from '#text/re2.ts';
import { CommandError } from '../errors.ts';
import type { Selector } from './kustomization.ts';
import { groupVersionOf, idOf, type Resource, wasCalled } from './resource.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The resources with one patch applied: a JSON patch, or objects to merge. Throws CommandError. */
export function patched(
  resources: readonly Resource[],
  text: string,
  target: Selector | undefined,
): readonly Resource[] {
  const documents = splitDocuments(text).map((document) => parseDocument(document, 3));
  const [first] = documents;
  if (Array.isArray(first)) {
    if (target === undefined) throw new CommandError('must specify a target for JSON patch ' + text.trim());
    const selects = selectorOf(target);
    return resources.map((one) =>
      selects(one) ? { ...one, object: applyJsonPatch(one.object, first) } : one,
    );
  }
  return documents.reduce<readonly Resource[]>((all, document) => merged(all, document, target), resources);
}

function merged(
  resources: readonly Resource[],
  document: unknown,
  target: Selector | undefined,
): readonly Resource[] {
  if (!isObject(document)) throw new CommandError('unable to parse SM or JSON patch');
  const patch = document as unknown as KubeObject;
  const selects = target === undefined ? isTargetOf(patch) : selectorOf(target);
  if (target === undefined && resources.filter(selects).length !== 1) {
    const id = idOf(patch);
    throw new CommandError(
      `no resource matches strategic merge patch ${JSON.stringify(id)}: no matches for Id ${id}; failed to find unique target for patch ${id}`,
    );
  }
  return resources.flatMap((one) => {
    if (!selects(one)) return [one];
    if ((patch as unknown as Fields)['$patch'] === 'delete') return [];
    const { object } = one;
    const kind = builtInKinds.findKind(object.apiVersion, object.kind);
    const { name, namespace } = object.metadata;
    const after = merge(object, patch, kind && patchSchemaOf(kind.schema)) as KubeObject;
    const metadata = { ...after.metadata, name, ...(namespace && { namespace }) };
    return [{ ...one, object: { ...after, apiVersion: object.apiVersion, kind: object.kind, metadata } }];
  });
}

function isTargetOf(patch: KubeObject): (resource: Resource) => boolean {
  const [group] = groupVersionOf(patch);
  return (resource) =>
    resource.object.kind === patch.kind &&
    groupVersionOf(resource.object)[0] === group &&
    wasCalled(resource, patch.metadata.name);
}

/** Names, kinds and groups are regular expressions of the whole. */
function selectorOf(target: Selector): (resource: Resource) => boolean {
  const pattern = (text: string | undefined) => {
    if (!text) return () => true;
    const regex = compileRe2(`^(?:${text})$`);
    return (value: string) => regex.test(value);
  };
  const [group, version, kind] = [target.group, target.version, target.kind].map(pattern);
  const [name, namespace] = [target.name, target.namespace].map(pattern);
  const labels = parseSelector(target.labelSelector ?? '');
  const annotations = parseSelector(target.annotationSelector ?? '');
  return ({ object, names }) => {
    const [ownGroup, ownVersion] = groupVersionOf(object);
    const { metadata } = object;
    return (
      group!(ownGroup) &&
      version!(ownVersion) &&
      kind!(object.kind) &&
      names.some((one) => name!(one)) &&
      namespace!(metadata.namespace ?? '') &&
      labels.matches(metadata.labels ?? {}) &&
      annotations.matches(metadata.annotations ?? {})
    );
  };
}

/** Merges as kyaml does: null takes away, lists of objects merge by their key, and what the patch names comes first. */
function merge(old: unknown, patch: unknown, schema: PatchSchema | undefined): unknown {
  if (!isObject(patch)) return patch;
  const { $patch: directive, ...given } = patch as Fields;
  if (directive === 'replace') return given;
  const result: Record<string, unknown> = { ...(isObject(old) ? old : {}) };
  for (const [name, value] of Object.entries(given)) {
    const rule = schema?.field(name);
    if (value === null || (isObject(value) && (value as Fields)['$patch'] === 'delete')) delete result[name];
    else if (Array.isArray(value) && rule?.strategy === 'merge')
      result[name] = mergeList(result[name], value, rule.mergeKey, rule.value);
    else result[name] = merge(result[name], value, rule?.value);
  }
  return result;
}

function mergeList(
  old: unknown,
  patch: readonly unknown[],
  key: string | undefined,
  schema: PatchSchema | undefined,
): unknown {
  const present: readonly unknown[] = Array.isArray(old) ? old : [];
  if (key === undefined) return [...present, ...patch.filter((one) => !present.includes(one))];
  if (patch.some((one) => isObject(one) && (one as Fields)['$patch'] === 'replace'))
    return patch.filter((one) => !(isObject(one) && '$patch' in one));
  const keyOf = (one: unknown) => (isObject(one) ? (one as Fields)[key] : undefined);
  const named = new Set(patch.map(keyOf));
  const first = patch
    .filter((one) => !(isObject(one) && (one as Fields)['$patch'] === 'delete'))
    .map((one) =>
      merge(
        present.find((other) => keyOf(other) === keyOf(one)),
        one,
        schema,
      ),
    );
  return [...first, ...present.filter((one) => !named.has(keyOf(one)))];
}
