import schemas from '#generated/schemas.json' with { type: 'json' };

/** A field's type. Upstream says these with `type` and `format`; scripts/generate-schemas.mjs with a letter. */
export type FieldType =
  | { readonly is: 'string' | 'int32' | 'int64' | 'double' | 'boolean' | 'bytes' }
  | { readonly is: 'time' | 'microTime' | 'quantity' | 'intOrString' | 'anything' }
  | { readonly is: 'enum'; readonly values: readonly string[] }
  | { readonly is: 'list' | 'map'; readonly of: FieldType }
  | { readonly is: 'object'; readonly name: string };

export interface Field {
  readonly type: FieldType;
  readonly required: boolean;
}

/** One definition of the schemas, such as `io.k8s.api.core.v1.PodSpec`. */
export interface Definition {
  /** The full name. */
  readonly name: string;
  readonly fields: ReadonlyMap<string, Field>;
}

/** The Kubernetes release that the schemas describe: `1.36`. */
export const kubernetesVersion: string = schemas.version;

/** As the generated files have them: types as letters, references as numbers of definitions. */
export type CompactDefinitions = Readonly<Record<string, Readonly<Record<string, string>>>>;

const raw: Record<string, Readonly<Record<string, string>>> = {
  ...(schemas.definitions as unknown as CompactDefinitions),
};
const names = Object.keys(raw);
const read = new Map<string, Definition>();

const letters: Readonly<Record<string, FieldType>> = {
  s: { is: 'string' },
  i: { is: 'int32' },
  l: { is: 'int64' },
  d: { is: 'double' },
  b: { is: 'boolean' },
  T: { is: 'time' },
  M: { is: 'microTime' },
  B: { is: 'bytes' },
  Q: { is: 'quantity' },
  I: { is: 'intOrString' },
  '*': { is: 'anything' },
};

function readType(code: string): FieldType {
  if (code.startsWith('[')) return { is: 'list', of: readType(code.slice(1)) };
  if (code.startsWith('{')) return { is: 'map', of: readType(code.slice(1)) };
  if (code.startsWith('#')) return { is: 'object', name: names[Number(code.slice(1))]! };
  if (code.startsWith('e:')) return { is: 'enum', values: code.slice(2).split('|') };
  return letters[code]!;
}

/** Adds the definitions of kinds that a cluster can start without. Their numbers go on from those that are there. */
export function addDefinitions(later: CompactDefinitions): void {
  for (const [name, fields] of Object.entries(later)) {
    if (Object.hasOwn(raw, name)) continue;
    raw[name] = fields;
    names.push(name);
  }
}

/** The definition of that name, read from its compact form when it is first asked for. The name must exist. */
export function definition(name: string): Definition {
  let known = read.get(name);
  if (known === undefined) {
    const fields = raw[name];
    if (fields === undefined) throw new Error(`no schema is called ${name}`);
    known = {
      name,
      fields: new Map(
        Object.entries(fields).map(([key, code]) => {
          const required = key.endsWith('!');
          return [required ? key.slice(0, -1) : key, { type: readType(code), required }];
        }),
      ),
    };
    read.set(name, known);
  }
  return known;
}

/** Of every definition, the full name. */
export function definitionNames(): readonly string[] {
  return names;
}

/** True when the schemas have a definition of that name. */
export function hasDefinition(name: string): boolean {
  return Object.hasOwn(raw, name);
}

/** The last part of a definition's name: `PodSpec`. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
