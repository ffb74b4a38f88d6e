import { definition, type FieldType, hasDefinition } from '#kubernetes/api/definitions.ts';
import type { RandomStream } from '#sim/random.ts';

type Json = unknown;

/** Few names, so that requests meet each other's objects. */
const names = ['a', 'b', 'web', 'web-0', 'node-1', 'default', 'x.y'];
const strings = [
  ...names,
  '',
  ' ',
  'A_b.C-d',
  '-bad-',
  'a/b',
  '../../secrets/a',
  '__proto__',
  'constructor',
  'NaN',
  'Infinity',
  'null',
  '1e400',
  '100m',
  '-1Gi',
  '9999999999999999999999',
  '2026-01-01T00:00:00Z',
  '10.96.0.1',
  '80',
  '25%',
  'Always',
  'nginx:1.27',
  '\u0000',
  'a\nb\tc',
  '\ud800',
  'x\udfff\ud800y',
  '\u202eevil',
  'é😀',
  '%2e%2e%2f',
  '{{.}}',
  '$(VAR)',
  'YQ==',
  'a=b,c!=d',
  'x'.repeat(300),
];
const numbers = [
  0,
  1,
  -1,
  2,
  80,
  0.5,
  -0,
  65_536,
  2 ** 31,
  -(2 ** 31) - 1,
  Number.MAX_SAFE_INTEGER,
  2 ** 63,
  1e300,
  -1e300,
];
const keys = [
  'a',
  'app',
  'name',
  '',
  '__proto__',
  'constructor',
  'toString',
  'a/b',
  'hasOwnProperty',
  '\ud800',
  '$patch',
  'metadata',
];

/** Makes values that a hostile client may send, in the shape of a schema or in none. */
export class HostileValues {
  readonly random: RandomStream;

  constructor(random: RandomStream) {
    this.random = random;
  }

  chance(percent: number): boolean {
    return this.random.below(100) < percent;
  }

  pick<T>(choices: readonly T[]): T {
    return this.random.pick(choices);
  }

  name(): string {
    return this.chance(95) ? this.pick(names.slice(0, 5)) : this.pick(strings);
  }

  text(): string {
    return this.pick(strings);
  }

  /** Any JSON at all. */
  anything(depth = 0): Json {
    const kind = this.random.below(depth > 3 ? 5 : 9);
    if (kind < 2) return this.text();
    if (kind === 2) return this.pick(numbers);
    if (kind === 3) return this.pick([true, false]);
    if (kind === 4) return null;
    if (kind === 5) return this.#nested();
    if (kind === 6) return Array.from({ length: this.random.below(4) }, () => this.anything(depth + 1));
    return this.#fields(this.random.below(4), () => this.anything(depth + 1));
  }

  /** An object of a definition: right in most places, hostile in some, with the fields that must be there. */
  object(definitionName: string, hostility: number, depth = 0): Json {
    if (!hasDefinition(definitionName)) return this.anything(depth);
    const fields: [string, Json][] = [];
    for (const [field, { type, required }] of definition(definitionName).fields) {
      const wanted = required ? 97 : depth === 0 ? 60 : depth > 5 ? 3 : 22;
      if (this.chance(wanted)) fields.push([field, this.ofType(type, hostility, depth + 1)]);
    }
    if (this.chance(hostility)) fields.push([this.pick(keys), this.anything(depth + 1)]);
    return own(fields);
  }

  ofType(type: FieldType, hostility: number, depth: number): Json {
    if (this.chance(hostility)) return this.anything(depth);
    switch (type.is) {
      case 'object':
        return this.object(type.name, hostility, depth);
      case 'list':
        return Array.from({ length: this.random.below(3) }, () => this.ofType(type.of, hostility, depth + 1));
      case 'map':
        return this.#fields(this.random.below(3), () => this.ofType(type.of, hostility, depth + 1));
      case 'enum':
        return this.pick(type.values);
      case 'int32':
      case 'int64':
      case 'double':
        return this.pick([0, 1, 2, 30, 80, 8080]);
      case 'intOrString':
        return this.pick<Json>([80, 'http', '25%', 1]);
      case 'boolean':
        return this.chance(50);
      case 'quantity':
        return this.pick(['1', '100m', '64Mi', '2Gi', '0']);
      case 'time':
        return '2026-01-01T00:00:00Z';
      case 'microTime':
        return '2026-01-01T00:00:00.000000Z';
      case 'bytes':
        return this.pick(['', 'YQ==']);
      case 'string':
        return this.pick(['a', 'web', 'app', 'nginx:1.27', 'default', 'TCP', 'v1', 'http', '10.0.0.1']);
      case 'anything':
        return this.anything(depth);
    }
  }

  #fields(count: number, value: () => Json): Json {
    return own(Array.from({ length: count }, () => [this.pick(keys), value()]));
  }

  /** Lists or objects in each other, at times deeper than any server reads. */
  #nested(): Json {
    const depth = this.chance(3) ? 20_000 : this.random.below(40);
    const isList = this.chance(50);
    let value: Json = 0;
    for (let i = 0; i < depth; i++) value = isList ? [value] : { a: value };
    return value;
  }
}

/** An object with exactly these fields of its own, whatever they are called. */
function own(fields: readonly (readonly [string, Json])[]): Json {
  return Object.fromEntries(fields);
}
