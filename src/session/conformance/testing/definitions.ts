import type { Framework } from './framework.ts';

export const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
export const openSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

export const version = (name: string, schema: object = openSchema, more: object = {}) => ({
  name,
  served: true,
  storage: true,
  schema: { openAPIV3Schema: schema },
  ...more,
});

let definitionCount = 0;

/** A definition of a kind Foo, in a group that no other has. */
export const definition = (
  versions: readonly object[] = [version('v1')],
  more: object = {},
  labels: object = {},
) => {
  const group = `e${++definitionCount}.example.com`;
  return {
    metadata: { name: `foos.${group}`, labels },
    spec: { group, scope: 'Cluster', names: { plural: 'foos', kind: 'Foo' }, versions, ...more },
  };
};

/** Defines a kind, waits until it is served, and returns where its objects are. */
export async function define(f: Framework, made: ReturnType<typeof definition>): Promise<string> {
  f.create(definitions, made);
  const [first] = made.spec.versions as { name: string }[];
  const path = `/apis/${made.spec.group}/${first!.name}/${made.spec.names.plural}`;
  await f.until(() => f.has(path));
  return path;
}
