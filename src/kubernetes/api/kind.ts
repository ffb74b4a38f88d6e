import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import type { JsonSchema } from './apiextensions/jsonSchema.ts';
import type { KubeObject } from './object.ts';

/** One column of `kubectl get`. Upstream: pkg/printers/internalversion/printers.go */
export interface Column<T> {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly format?: 'name';
  /** Absent where upstream repeats the documentation of the field that the column shows. */
  readonly description?: string;
  /** 0 is always shown, 1 only with `-o wide`. */
  readonly priority: number;
  /** The cell. `nowMs` is the server's clock, for ages. */
  value(object: T, nowMs: number): string | number | boolean;
}

/** Where the scale subresource finds its numbers, as paths of field names. */
export interface ScalePaths {
  readonly specReplicas: readonly string[];
  readonly statusReplicas: readonly string[];
  /** The label selector in string form, read from the object. */
  selector(object: KubeObject): string;
}

/**
 * Everything the API knows of one kind in one version (D7): the registry of these drives storage, discovery,
 * defaulting, validation, printing and completion. All functions are pure and never change their argument:
 * one that changes nothing returns the very same object (D4).
 */
export interface Kind<T extends KubeObject = KubeObject> {
  /** `''` for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** The resource's name in paths: `deployments`. */
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** Set for a kind that a CustomResourceDefinition made: its schema, which also is its OpenAPI. */
  readonly custom?: {
    readonly schema: JsonSchema;
    readonly preservesUnknownFields: boolean;
    /**
     * The object in this version; the very same where it is. `fromCache` takes what it was converted to before. Throws
     * StatusError where somebody else converts it and does not.
     */
    toVersion(object: KubeObject, fromCache?: boolean): KubeObject;
  };
  /** The definition in schemas.json: `io.k8s.api.apps.v1.Deployment`. */
  readonly schema: string;
  /** True where `metadata.generation` counts changes of the spec and status is a subresource. */
  readonly hasStatus: boolean;
  /** Where `metadata.generation` is counted without a status, or not counted in spite of one. */
  readonly countsGenerations?: boolean;
  /** What is served of a kind that is not stored: its server answers by itself, see subresource.ts. */
  readonly verbs?: readonly string[];
  readonly scale?: ScalePaths;
  /** Where objects of this kind are kept as another kind (autoscaling/v1 as v2): how to go there and back. */
  readonly storage?: {
    readonly kind: Kind;
    toStored(object: T): KubeObject;
    fromStored(object: KubeObject, fromCache?: boolean): T;
    /** What the fields to select by are called in the stored kind, where that is another name. */
    readonly fieldNames?: Readonly<Record<string, string>>;
    /** What is wrong with a new object, as it is stored, beyond its own kind's rules when it comes by this version. */
    validateNew?(object: KubeObject): FieldError[];
    validateUpdate?(object: KubeObject, old: KubeObject): FieldError[];
  };
  /** Fills in what the server defaults. */
  defaults?(object: T): T;
  /** What a create resets or derives before validation, beyond the generic rules. */
  prepareForCreate?(object: T): T;
  /** What an update may not touch is taken from `old` here, beyond the generic rules. */
  prepareForUpdate?(object: T, old: T): T;
  /** Sentences about what is wrong with a name; a DNS subdomain when absent. */
  checkName?(name: string): string[];
  /** What is wrong with the object itself, metadata apart: called by validation.ts for creates and updates. */
  validate?(object: T): FieldError[];
  /** What is wrong with a new object only, as an update of an older one is let pass. */
  validateNew?(object: T): FieldError[];
  /** What an update, beyond being valid, may not change. */
  validateUpdate?(object: T, old: T): FieldError[];
  /** `subresource` is the door that the status came in by. */
  validateStatusUpdate?(object: T, old: T, subresource: string): FieldError[];
  /** Names of fields that `fieldSelector` takes, beside metadata.name and metadata.namespace. */
  readonly selectableFields?: readonly string[];
  /** The value of a selectable field, `''` when unset. */
  fieldValue?(object: T, field: string): string;
  /** What every request for it is warned of. */
  readonly deprecation?: string;
  /** Warnings that a write of this object earns. */
  warnings?(object: T): string[];
  readonly columns: readonly Column<T>[];
}

/** A kind of any type, as the registry keeps it. Method parameters are bivariant, so every Kind<T> fits. */
export type AnyKind = Kind;

/** `apps/v1`, or `v1` for the core group. */
export function apiVersionOf(kind: { readonly group: string; readonly version: string }): string {
  return kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
}

/** What tells a kind from all others: `deployments`, or `widgets.example.com` for a custom resource. */
export function resourceName(kind: {
  readonly plural: string;
  readonly group: string;
  readonly custom?: unknown;
}): string {
  return kind.custom === undefined ? kind.plural : `${kind.plural}.${kind.group}`;
}

/** The path of a collection or of one object, as the URL has it. */
export function pathOf(
  kind: {
    readonly group: string;
    readonly version: string;
    readonly plural: string;
    readonly namespaced: boolean;
  },
  namespace: string | undefined,
  name?: string,
  subresource?: string,
): string {
  const prefix = kind.group === '' ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
  const scope = kind.namespaced && namespace ? `/namespaces/${namespace}` : '';
  const tail = (name === undefined ? '' : `/${name}`) + (subresource === undefined ? '' : `/${subresource}`);
  return `${prefix}${scope}/${kind.plural}${tail}`;
}
