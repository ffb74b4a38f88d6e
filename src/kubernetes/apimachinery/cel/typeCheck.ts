// Upstream: cel-go/checker/checker.go
import type { Environment } from '@marcbachmann/cel-js';
import { binaryResult, commonResult } from './overloads.ts';
import {
  bool,
  bytes,
  type CelType,
  double,
  dyn,
  formatType,
  int,
  isAssignable,
  isDyn,
  joined,
  listOf,
  mapOf,
  nullType,
  optionalOf,
  readType,
  string,
  uint,
} from './types.ts';

/** The part of cel-js's syntax tree that is read here. */
interface SyntaxNode {
  readonly op: string;
  readonly args: unknown;
  /** Where it begins and ends in `input`. */
  readonly start: number;
  readonly end: number;
  readonly input: string;
}

/** Something that does not fit: what, and where in the text. */
export interface TypeProblem {
  readonly message: string;
  readonly at: number;
}

/** The variables that a place of an expression may speak of. */
type Scope = ReadonlyMap<string, CelType>;

interface Overload {
  readonly receiver: CelType | null;
  readonly parameters: readonly CelType[];
  readonly result: CelType;
}

const overloads = new WeakMap<Environment, Map<string, Overload[]>>();

/** The functions of an environment, by name. */
function overloadsOf(environment: Environment): Map<string, Overload[]> {
  let known = overloads.get(environment);
  if (known === undefined) {
    known = new Map();
    for (const { name, receiverType, params, returnType } of environment.getDefinitions().functions) {
      const overload = {
        receiver: receiverType === null ? null : readType(receiverType),
        parameters: params.map(({ type }) => readType(type)),
        result: readType(returnType),
      };
      const list = known.get(name);
      if (list === undefined) known.set(name, [overload]);
      else list.push(overload);
    }
    overloads.set(environment, known);
  }
  return known;
}

/** Macros that run an expression for each element of a list or key of a map, and how they join its answers. */
const quantifiers: Readonly<Record<string, string>> = { all: '_&&_', exists: '_||_', exists_one: '_?_:_' };
const macros = new Set([...Object.keys(quantifiers), 'existsOne', 'map', 'filter']);
/** Macros with a variable each for index (or key) and value. */
const pairMacros = /^(all|exists|existsOne|exists_one|transformList|transformMap|transformMapEntry)$/;

/** Walks one expression; problems gather, and what has one is `dyn` from there on. */
class TypeChecker {
  readonly problems: TypeProblem[] = [];
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  check(node: SyntaxNode, scope: Scope): CelType {
    const { op, args } = node;
    switch (op) {
      case 'value':
        return literalType(args);
      case 'id':
        return this.#variable(node, args as string, scope);
      case '.':
      case '.?':
        return this.#select(node, args as [SyntaxNode, string], scope);
      case '[]':
      case '[?]':
        return this.#index(node, args as [SyntaxNode, SyntaxNode], scope);
      case '?:':
        return this.#conditional(node, args as [SyntaxNode, SyntaxNode, SyntaxNode], scope);
      case '!_':
      case '-_':
        return this.#unary(node, args as SyntaxNode, scope);
      case 'list':
        return listOf(this.#elements(args as readonly SyntaxNode[], scope));
      case 'map':
        return this.#map(args as readonly (readonly [SyntaxNode, SyntaxNode])[], scope);
      case 'call':
        return this.#call(node, args as [string, readonly SyntaxNode[]], scope);
      case 'rcall':
        return this.#methodCall(node, args as [string, SyntaxNode, readonly SyntaxNode[]], scope);
      default:
        return Array.isArray(args) && args.length === 2
          ? this.#binary(node, args as [SyntaxNode, SyntaxNode], scope)
          : dyn;
    }
  }

  #problem(at: number, message: string): CelType {
    this.problems.push({ at, message });
    return dyn;
  }

  #noOverload(at: number, name: string, types: readonly CelType[], receiver?: CelType): CelType {
    const list = `(${types.map(formatType).join(', ')})`;
    const applied = receiver === undefined ? list : `${formatType(receiver)}.${list}`;
    return this.#problem(at, `found no matching overload for '${name}' applied to '${applied}'`);
  }

  #variable(node: SyntaxNode, name: string, scope: Scope): CelType {
    const known = scope.get(name);
    if (known !== undefined) return known;
    if (this.#environment.hasVariable(name)) return dyn;
    return this.#problem(node.start, `undeclared reference to '${name}' (in container '')`);
  }

  #select(node: SyntaxNode, [operand, field]: [SyntaxNode, string], scope: Scope): CelType {
    const type = this.check(operand, scope);
    const from = type.kind === 'optional' ? type.value : type;
    const isOptional = type.kind === 'optional' || node.op === '.?';
    const selected = this.#field(node, from, field);
    return isOptional && !isDyn(selected) ? optionalOf(selected) : selected;
  }

  #field(node: SyntaxNode, type: CelType, field: string): CelType {
    if (isDyn(type)) return dyn;
    if (type.kind === 'map') return type.value;
    if (type.kind === 'object')
      return type.fields.get(field) ?? this.#problem(placeOf(node), `undefined field '${field}'`);
    return this.#problem(placeOf(node), `type '${formatType(type)}' does not support field selection`);
  }

  #index(node: SyntaxNode, [operand, index]: [SyntaxNode, SyntaxNode], scope: Scope): CelType {
    const type = this.check(operand, scope);
    const by = this.check(index, scope);
    const from = type.kind === 'optional' ? type.value : type;
    const wrap = (element: CelType) =>
      (type.kind === 'optional' || node.op === '[?]') && !isDyn(element) ? optionalOf(element) : element;
    if (isDyn(from)) return dyn;
    if (from.kind === 'list' && isAssignable(int, by)) return wrap(from.element);
    if (from.kind === 'map' && isAssignable(from.key, by)) return wrap(from.value);
    return this.#noOverload(operatorAt(node, operand, '['), '_[_]', [type, by]);
  }

  #conditional(
    node: SyntaxNode,
    [condition, yes, no]: [SyntaxNode, SyntaxNode, SyntaxNode],
    scope: Scope,
  ): CelType {
    const types = [condition, yes, no].map((part) => this.check(part, scope));
    const result = joined(types[1]!, types[2]!);
    if (isAssignable(bool, types[0]!) && result !== undefined) return result;
    return this.#noOverload(operatorAt(node, condition, '?'), '_?_:_', types);
  }

  #unary(node: SyntaxNode, operand: SyntaxNode, scope: Scope): CelType {
    const type = this.check(operand, scope);
    const accepted = node.op === '!_' ? [bool] : [int, double];
    const result = commonResult(accepted.filter((known) => isAssignable(known, type)));
    return result ?? this.#noOverload(node.start, node.op, [type]);
  }

  #binary(node: SyntaxNode, [left, right]: [SyntaxNode, SyntaxNode], scope: Scope): CelType {
    const types = [this.check(left, scope), this.check(right, scope)] as const;
    const result = binaryResult(node.op, ...types);
    if (result !== undefined) return result;
    const name = node.op === 'in' ? '@in' : `_${node.op}_`;
    return this.#noOverload(operatorAt(node, left, node.op), name, types);
  }

  /** What the elements of a literal are; they must be alike. */
  #elements(nodes: readonly SyntaxNode[], scope: Scope, mayDiffer = false): CelType {
    let common: CelType | undefined;
    for (const node of nodes) {
      const type = this.check(node, scope);
      common ??= type;
      if (isAssignable(common, type)) continue;
      if (mayDiffer) return dyn;
      this.#problem(placeOf(node), `expected type '${formatType(common)}' but found '${formatType(type)}'`);
    }
    return common ?? dyn;
  }

  #map(entries: readonly (readonly [SyntaxNode, SyntaxNode])[], scope: Scope): CelType {
    const key = this.#elements(
      entries.map(([name]) => name),
      scope,
    );
    const value = this.#elements(
      entries.map(([, held]) => held),
      scope,
    );
    return mapOf(key, value);
  }

  #call(node: SyntaxNode, [name, args]: [string, readonly SyntaxNode[]], scope: Scope): CelType {
    if (name === 'has') {
      if (args[0]?.op === '.' || args[0]?.op === '.?') this.check(args[0], scope);
      return bool;
    }
    const types = args.map((arg) => this.check(arg, scope));
    if (name === 'dyn') return dyn;
    return this.#overloaded(callAt(node, node.start), name, null, types);
  }

  #methodCall(
    node: SyntaxNode,
    [name, receiver, args]: [string, SyntaxNode, readonly SyntaxNode[]],
    scope: Scope,
  ): CelType {
    const at = callAt(node, receiver.end);
    if (receiver.op === 'id' && !scope.has(receiver.args as string)) {
      if (receiver.args === 'cel' && name === 'bind') return this.#bind(args, scope);
      if (receiver.args === 'optional' && name === 'of') return optionalOf(this.check(args[0]!, scope));
      // A namespace such as `math`: its functions take what their own checks let pass.
      if (this.#environment.hasVariable(receiver.args as string)) {
        for (const arg of args) this.check(arg, scope);
        return dyn;
      }
    }
    const type = this.check(receiver, scope);
    if (macros.has(name) && (args.length === 2 || (name === 'map' && args.length === 3)))
      return this.#comprehension(name, at, receiver, type, args, scope);
    if (pairMacros.test(name) && args.length > 2) return this.#pairMacro(name, receiver, type, args, scope);
    if (type.kind === 'optional') return this.#optionalCall(name, at, type, args, scope);
    if (name === 'format' && args[0]?.op === 'list') {
      this.#elements(args[0].args as readonly SyntaxNode[], scope, true);
      return string;
    }
    const types = args.map((arg) => this.check(arg, scope));
    return this.#overloaded(at, name, type, types);
  }

  #overloaded(at: number, name: string, receiver: CelType | null, types: readonly CelType[]): CelType {
    const named = (overloadsOf(this.#environment).get(name) ?? []).filter(
      (overload) => (overload.receiver === null) === (receiver === null),
    );
    if (named.length === 0) return this.#problem(at, `undeclared reference to '${name}' (in container '')`);
    const fitting = named.filter(
      (overload) =>
        overload.parameters.length === types.length &&
        (receiver === null || isAssignable(overload.receiver!, receiver)) &&
        overload.parameters.every((parameter, index) => isAssignable(parameter, types[index]!)),
    );
    const result = commonResult(fitting.map((overload) => overload.result));
    if (result === undefined) return this.#noOverload(at, name, types, receiver ?? undefined);
    // Functions of lists answer with lists of the same elements.
    return result.kind === 'list' && isDyn(result.element) && receiver?.kind === 'list' && name !== 'flatten'
      ? receiver
      : result;
  }

  #optionalCall(
    name: string,
    at: number,
    type: CelType & { kind: 'optional' },
    args: readonly SyntaxNode[],
    scope: Scope,
  ): CelType {
    if ((name === 'optMap' || name === 'optFlatMap') && args[0]?.op === 'id') {
      const result = this.check(args[1]!, withVariable(scope, args[0].args as string, type.value));
      return name === 'optMap' && !isDyn(result) ? optionalOf(result) : result;
    }
    const types = args.map((arg) => this.check(arg, scope));
    if (name === 'hasValue') return bool;
    if (name === 'value') return type.value;
    const wanted = name === 'or' ? type : name === 'orValue' ? type.value : undefined;
    if (wanted === undefined) return this.#noOverload(at, name, types, type);
    return joined(wanted, types[0] ?? dyn) ?? this.#noOverload(at, name, types, type);
  }

  #bind([name, value, body]: readonly SyntaxNode[], scope: Scope): CelType {
    return this.check(body!, withVariable(scope, name!.args as string, this.check(value!, scope)));
  }

  #comprehension(
    name: string,
    at: number,
    receiver: SyntaxNode,
    type: CelType,
    [variable, ...parts]: readonly SyntaxNode[],
    scope: Scope,
  ): CelType {
    const entry = this.#range(receiver, type);
    const inner = withVariable(scope, variable!.args as string, entry.key ?? entry.value);
    const types = parts.map((part) => this.check(part, inner));
    if (name === 'map') return listOf(types.at(-1)!);
    if (!isAssignable(bool, types[0]!)) this.#noOverload(at, quantifiers[name] ?? '_?_:_', [bool, types[0]!]);
    return name === 'filter' ? listOf(entry.key ?? entry.value) : bool;
  }

  #pairMacro(
    name: string,
    receiver: SyntaxNode,
    type: CelType,
    args: readonly SyntaxNode[],
    scope: Scope,
  ): CelType {
    const [first, second, ...parts] = args;
    const { key = int, value } = this.#range(receiver, type);
    const inner = withVariable(
      withVariable(scope, first!.args as string, key),
      second!.args as string,
      value,
    );
    const types = parts.map((part) => this.check(part, inner));
    if (name === 'transformList') return listOf(types.at(-1)!);
    if (name === 'transformMap') return mapOf(key, types.at(-1)!);
    return name === 'transformMapEntry' ? types.at(-1)! : bool;
  }

  /** What a comprehension runs over: elements of a list, keys and values of a map. */
  #range(node: SyntaxNode, type: CelType): { readonly key?: CelType; readonly value: CelType } {
    if (type.kind === 'list') return { value: type.element };
    if (type.kind === 'map') return { key: type.key, value: type.value };
    if (!isDyn(type))
      this.#problem(
        placeOf(node),
        `expression of type '${formatType(type)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
      );
    return { key: dyn, value: dyn };
  }
}

function withVariable(scope: Scope, name: string, type: CelType): Scope {
  return new Map(scope).set(name, type);
}

function literalType(value: unknown): CelType {
  if (value === null) return nullType;
  if (value instanceof Uint8Array) return bytes;
  switch (typeof value) {
    case 'bigint':
      return int;
    case 'number':
      return double;
    case 'string':
      return string;
    case 'boolean':
      return bool;
    default:
      return uint;
  }
}

/** Where an operator stands, behind its left side. */
function operatorAt(node: SyntaxNode, left: SyntaxNode, operator: string): number {
  const at = node.input.indexOf(operator, left.end);
  return at < 0 ? node.start : at;
}

/** Where the parenthesis of a call stands. */
function callAt(node: SyntaxNode, from: number): number {
  const at = node.input.indexOf('(', from);
  return at < 0 ? node.start : at;
}

const binaryOperators = new Set([
  '<',
  '<=',
  '>',
  '>=',
  '==',
  '!=',
  '+',
  '-',
  '*',
  '/',
  '%',
  '&&',
  '||',
  'in',
]);

/** Where cel-go says that an expression stands: its operator, its dot, the parenthesis of its call. */
function placeOf(node: SyntaxNode): number {
  const args = node.args as readonly SyntaxNode[];
  if (node.op === '.' || node.op === '.?') return operatorAt(node, args[0]!, '.');
  if (node.op === 'call') return callAt(node, node.start);
  if (node.op === 'rcall') return callAt(node, args[1]!.end);
  if (node.op === '[]' || node.op === '[?]') return operatorAt(node, args[0]!, '[');
  if (node.op === '?:') return operatorAt(node, args[0]!, '?');
  return binaryOperators.has(node.op) ? operatorAt(node, args[0]!, node.op) : node.start;
}

/**
 * What the types of an expression's parts are against: `tree` is cel-js's, `variables` says what is known of each.
 * Answers with the type of the whole.
 */
export function checkTypes(
  tree: unknown,
  environment: Environment,
  variables: ReadonlyMap<string, CelType>,
): { readonly type: CelType; readonly problems: readonly TypeProblem[] } {
  const checker = new TypeChecker(environment);
  const type = checker.check(tree as SyntaxNode, variables);
  return { type, problems: checker.problems };
}
