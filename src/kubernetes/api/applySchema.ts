// Upstream: client-go/applyconfigurations/internal/internal.go (schemaYAML)
import { nameElement, type TypedField, type TypedSchema } from '#kubernetes/apimachinery/typedSchema.ts';
import { type Definition, definition, type FieldType, hasDefinition, shortName } from './definitions.ts';
import { isAtomic, isGranular, mergeRule } from './mergeKeys.ts';

/**
 * Structs that are no pointers in Go, by `Definition.field`, beside every kind's metadata, spec and status: its
 * encoder writes them even where they are empty.
 */
const values = new Set([
  'Container.resources',
  'CronJobSpec.jobTemplate',
  'CustomResourceDefinitionSpec.names',
  'CustomResourceDefinitionStatus.acceptedNames',
  'DaemonSetSpec.template',
  'DaemonSetSpec.updateStrategy',
  'DeploymentSpec.strategy',
  'DeploymentSpec.template',
  'EphemeralContainer.resources',
  'Event.deprecatedSource',
  'Event.involvedObject',
  'Event.regarding',
  'Event.source',
  'FlowSchemaSpec.priorityLevelConfiguration',
  'IngressStatus.loadBalancer',
  'JobSpec.template',
  'MutatingWebhook.clientConfig',
  'NetworkPolicySpec.podSelector',
  'NodeDaemonEndpoints.kubeletEndpoint',
  'NodeStatus.daemonEndpoints',
  'NodeStatus.nodeInfo',
  'PersistentVolumeClaimSpec.resources',
  'PodCondition.lastProbeTime',
  'ReplicaSetSpec.template',
  'ServiceStatus.loadBalancer',
  'StatefulSetSpec.template',
  'StatefulSetSpec.updateStrategy',
  'ValidatingWebhook.clientConfig',
  'VolumeAttachmentSpec.source',
]);
const valueNames = new Set(['metadata', 'spec', 'status', 'template']);

/** Lists in which each object has an item of its own. */
const unique = new Set(['NodeSpec.podCIDRs', 'PodStatus.podIPs']);

/** What a list's key counts as where an item leaves it out, if not its type's zero. */
const keyDefaults: Readonly<Record<string, string>> = {
  'ContainerPort.protocol': 'TCP',
  'ServicePort.protocol': 'TCP',
};

const schemas = new Map<string, TypedSchema>();
const scalars: Readonly<Partial<Record<FieldType['is'], TypedSchema>>> = {
  string: { is: 'scalar', of: 'string' },
  enum: { is: 'scalar', of: 'string' },
  bytes: { is: 'scalar', of: 'string' },
  int32: { is: 'scalar', of: 'numeric' },
  int64: { is: 'scalar', of: 'numeric' },
  double: { is: 'scalar', of: 'numeric' },
  boolean: { is: 'scalar', of: 'boolean' },
  time: { is: 'scalar', of: 'untyped' },
  microTime: { is: 'scalar', of: 'untyped' },
  quantity: { is: 'scalar', of: 'untyped' },
  intOrString: { is: 'scalar', of: 'untyped' },
};
const opaque: TypedSchema = { is: 'opaque' };
const deduced: TypedSchema = { is: 'deduced' };

/** What server-side apply must know of a definition; whatever the schemas do not have is deduced from its values. */
export function applySchemaOf(definitionName: string): TypedSchema {
  if (!hasDefinition(definitionName)) return deduced;
  return structOf(definitionName, isAtomic(definitionName));
}

function structOf(name: string, atomic: boolean): TypedSchema {
  const key = atomic ? `${name} atomic` : name;
  let schema = schemas.get(key);
  if (schema === undefined) {
    schema = new DefinitionSchema(definition(name), atomic);
    schemas.set(key, schema);
  }
  return schema;
}

class DefinitionSchema {
  readonly is = 'struct';
  readonly atomic: boolean;
  readonly #definition: Definition;
  readonly #fields = new Map<string, TypedField>();
  #present: (readonly [string, TypedField])[] | undefined;

  constructor(of: Definition, atomic: boolean) {
    this.#definition = of;
    this.atomic = atomic;
  }

  field(name: string): TypedField | undefined {
    let known = this.#fields.get(name);
    if (known !== undefined) return known;
    const field = this.#definition.fields.get(name);
    if (field === undefined) return undefined;
    const { name: owner } = this.#definition;
    const isStruct = field.type.is === 'object' || field.type.is === 'time';
    known = {
      key: nameElement(name),
      schema: fieldSchema(owner, name, field.type),
      present:
        field.required ||
        (isStruct && (values.has(`${shortName(owner)}.${name}`) || (valueNames.has(name) && isWhole(owner)))),
    };
    this.#fields.set(name, known);
    return known;
  }

  presentFields(): readonly (readonly [string, TypedField])[] {
    this.#present ??= [...this.#definition.fields.keys()]
      .map((name) => [name, this.field(name)!] as const)
      .filter(([, field]) => field.present);
    return this.#present;
  }
}

/** True for what has metadata and a spec of its own: kinds and templates. */
function isWhole(definitionName: string): boolean {
  return definition(definitionName).fields.has('metadata');
}

function fieldSchema(owner: string, name: string, type: FieldType): TypedSchema {
  if (type.is === 'object') {
    if (!hasDefinition(type.name)) return deduced;
    return structOf(type.name, isAtomic(type.name) && !isGranular(owner, name));
  }
  if (type.is === 'map') return { is: 'map', atomic: isAtomic(owner, name), of: valueSchema(type.of) };
  if (type.is !== 'list') return valueSchema(type);
  const rule = mergeRule(owner, name);
  const of = type.of.is === 'object' ? type.of.name : '';
  return {
    is: 'list',
    type: rule?.listType ?? 'atomic',
    of: valueSchema(type.of),
    keys: rule?.mapKeys ?? [],
    keyDefault: (key) => keyDefault(of, key),
    unique: unique.has(`${shortName(owner)}.${name}`),
  };
}

function valueSchema(type: FieldType): TypedSchema {
  if (type.is === 'object') return applySchemaOf(type.name);
  if (type.is === 'map') return { is: 'map', atomic: false, of: valueSchema(type.of) };
  if (type.is === 'list')
    return {
      is: 'list',
      type: 'atomic',
      of: valueSchema(type.of),
      keys: [],
      keyDefault: () => undefined,
      unique: false,
    };
  return scalars[type.is] ?? opaque;
}

/** The zero of a required key; an optional one has none. */
function keyDefault(definitionName: string, key: string): unknown {
  const special = keyDefaults[`${shortName(definitionName)}.${key}`];
  if (special !== undefined || !hasDefinition(definitionName)) return special;
  const field = definition(definitionName).fields.get(key);
  if (field?.required !== true) return undefined;
  return field.type.is === 'int32' || field.type.is === 'int64' ? 0 : '';
}
