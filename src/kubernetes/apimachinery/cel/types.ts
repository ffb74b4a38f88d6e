// Upstream: cel-go/common/types/types.go, cel-go/checker/types.go

/** A type of CEL. What nothing is known of is `dyn`: every use of it is let pass, and looked at when it runs. */
export type CelType =
  | { readonly kind: 'simple'; readonly name: string }
  | { readonly kind: 'list'; readonly element: CelType }
  | { readonly kind: 'map'; readonly key: CelType; readonly value: CelType }
  | { readonly kind: 'optional'; readonly value: CelType }
  | { readonly kind: 'object'; readonly name: string; readonly fields: ReadonlyMap<string, CelType> };

function simple(name: string): CelType {
  return { kind: 'simple', name };
}

export const dyn = simple('dyn');
export const int = simple('int');
export const uint = simple('uint');
export const double = simple('double');
export const bool = simple('bool');
export const string = simple('string');
export const bytes = simple('bytes');
export const nullType = simple('null');
export const timestamp = simple('timestamp');
export const duration = simple('duration');

export function listOf(element: CelType): CelType {
  return { kind: 'list', element };
}

export function mapOf(key: CelType, value: CelType): CelType {
  return { kind: 'map', key, value };
}

export function optionalOf(value: CelType): CelType {
  return { kind: 'optional', value };
}

export function objectOf(name: string, fields: ReadonlyMap<string, CelType>): CelType {
  return { kind: 'object', name, fields };
}

export function isDyn(type: CelType): boolean {
  return type.kind === 'simple' && type.name === 'dyn';
}

/** The type as cel-go's sentences name it: `list(string)`. */
export function formatType(type: CelType): string {
  if (type.kind === 'list') return `list(${formatType(type.element)})`;
  if (type.kind === 'map') return `map(${formatType(type.key)}, ${formatType(type.value)})`;
  if (type.kind === 'optional') return `optional_type(${formatType(type.value)})`;
  return type.name;
}

const nullable = new Set(['timestamp', 'duration']);

/** Whether a value of type `from` may stand where one of type `to` is asked for. */
export function isAssignable(to: CelType, from: CelType): boolean {
  if (isDyn(to) || isDyn(from)) return true;
  if (to.kind === 'list') return from.kind === 'list' && isAssignable(to.element, from.element);
  if (to.kind === 'optional') return from.kind === 'optional' && isAssignable(to.value, from.value);
  if (to.kind === 'map')
    return from.kind === 'map' && isAssignable(to.key, from.key) && isAssignable(to.value, from.value);
  if (from.kind === 'simple' && from.name === 'null')
    return to.kind === 'object' || to.name === 'null' || nullable.has(to.name);
  return to.kind === from.kind && to.name === from.name;
}

/** What two types have in common, where a value may be of either; undefined where they have nothing. */
export function joined(a: CelType, b: CelType): CelType | undefined {
  if (isDyn(a) || isDyn(b)) return dyn;
  if (isAssignable(a, b)) return a;
  return isAssignable(b, a) ? b : undefined;
}

const ownNames: Readonly<Record<string, CelType>> = {
  'google.protobuf.Timestamp': timestamp,
  'google.protobuf.Duration': duration,
  Quantity: simple('kubernetes.Quantity'),
  URL: simple('kubernetes.URL'),
  Semver: simple('kubernetes.Semver'),
  IP: simple('net.IP'),
  CIDR: simple('net.CIDR'),
  NamedFormat: simple('kubernetes.NamedFormat'),
  null: nullType,
  list: listOf(dyn),
  map: mapOf(dyn, dyn),
};

/** The type that cel-js calls so: `map<string, list<int>>`. */
export function readType(text: string): CelType {
  const [, name, inner] = /^(list|map|optional)<(.*)>$/.exec(text) ?? [];
  if (name === 'list') return listOf(readType(inner!));
  if (name === 'optional') return optionalOf(readType(inner!));
  if (name === 'map') {
    const comma = inner!.indexOf(', ');
    return mapOf(readType(inner!.slice(0, comma)), readType(inner!.slice(comma + 2)));
  }
  // Single letters stand for any type.
  if (text === 'dyn' || text === 'ast' || /^[A-Z]$/.test(text)) return dyn;
  return Object.hasOwn(ownNames, text) ? ownNames[text]! : simple(text);
}
