import { ShellError } from './control.ts';

export interface Variable {
  /** Null while it is declared but has no value. */
  value: string | null;
  /** Elements of an array, by index or key. */
  elements: Map<string, string> | null;
  /** The highest index in use, and whether the indices were set in rising order. */
  lastIndex: number;
  ordered: boolean;
  associative: boolean;
  exported: boolean;
  readonly: boolean;
  integer: boolean;
}

/** Characters that all variables of a shell may hold. */
const sizeMax = 16_777_216;

/** A shell's variables, with the local ones of the functions that are running. */
export class Variables {
  readonly #variables: Map<string, Variable>;
  /** What each running function's locals hide. */
  readonly #frames: Map<string, Variable | undefined>[] = [];
  #size = 0;

  constructor(variables: Iterable<[string, Variable]> = []) {
    this.#variables = new Map(variables);
  }

  /** An independent copy, for a subshell. */
  clone(): Variables {
    const copies = [...this.#variables].map(([name, variable]): [string, Variable] => [
      name,
      { ...variable, elements: variable.elements && new Map(variable.elements) },
    ]);
    const clone = new Variables(copies);
    clone.#size = this.#size;
    return clone;
  }

  find(name: string): Variable | undefined {
    return this.#variables.get(name);
  }

  /** The text of a variable; of an array, its element 0. Undefined when it is not set. */
  get(name: string): string | undefined {
    const variable = this.#variables.get(name);
    if (variable === undefined) return undefined;
    return (variable.elements === null ? variable.value : variable.elements.get('0')) ?? undefined;
  }

  set(name: string, value: string): void {
    const variable = this.declare(name);
    this.#check(name, variable);
    if (variable.elements !== null) {
      this.setElement(name, '0', value);
      return;
    }
    this.#grow(value.length - (variable.value?.length ?? 0));
    variable.value = value;
  }

  setElement(name: string, key: string, value: string): void {
    const variable = this.declare(name);
    this.#check(name, variable);
    const elements = (variable.elements ??= firstElements(variable));
    const before = elements.get(key);
    this.#grow(before === undefined ? value.length + 64 : value.length - before.length);
    elements.set(key, value);
    if (variable.associative || before !== undefined) return;
    if (Number(key) > variable.lastIndex) variable.lastIndex = Number(key);
    else variable.ordered = false;
  }

  /** Makes an empty array of it. */
  setArray(name: string, associative: boolean): void {
    const variable = this.declare(name);
    this.#check(name, variable);
    variable.elements = new Map();
    variable.associative = associative;
    variable.value = null;
    variable.lastIndex = -1;
    variable.ordered = true;
  }

  /** Keys and values of an array in order; a plain variable is an array of one. */
  elements(name: string): [string, string][] {
    const variable = this.#variables.get(name);
    if (variable === undefined) return [];
    if (variable.elements === null) return variable.value === null ? [] : [['0', variable.value]];
    const entries = [...variable.elements];
    return variable.associative || variable.ordered
      ? entries
      : entries.sort((a, b) => Number(a[0]) - Number(b[0]));
  }

  /** The index that `a+=(x)` goes to. */
  nextIndex(name: string): number {
    const variable = this.#variables.get(name);
    if (variable === undefined) return 0;
    return variable.elements === null ? Number(variable.value !== null) : variable.lastIndex + 1;
  }

  unset(name: string, key?: string): void {
    const variable = this.#variables.get(name);
    if (variable === undefined) return;
    if (variable.readonly) throw new ShellError(`unset: ${name}: cannot unset: readonly variable`);
    if (key === undefined) this.#variables.delete(name);
    else if (variable.elements?.delete(key) === true && Number(key) === variable.lastIndex) {
      variable.lastIndex = Number(this.elements(name).at(-1)?.[0] ?? -1);
    }
  }

  /** The variable of that name, made without a value when there is none. */
  declare(name: string): Variable {
    let variable = this.#variables.get(name);
    if (variable === undefined) {
      this.#grow(name.length + 64);
      variable = {
        value: null,
        elements: null,
        lastIndex: -1,
        ordered: true,
        associative: false,
        exported: false,
        readonly: false,
        integer: false,
      };
      this.#variables.set(name, variable);
    }
    return variable;
  }

  export(name: string, value?: string): void {
    if (value !== undefined) this.set(name, value);
    this.declare(name).exported = true;
  }

  /** Hides a variable until `leave`. False outside a function. */
  local(name: string): boolean {
    const frame = this.#frames.at(-1);
    if (frame === undefined) return false;
    if (!frame.has(name)) {
      const hidden = this.#variables.get(name);
      frame.set(name, hidden);
      this.#variables.delete(name);
      if (hidden?.exported === true) this.declare(name).exported = true;
    }
    return true;
  }

  enter(): void {
    this.#frames.push(new Map());
  }

  leave(): void {
    for (const [name, variable] of this.#frames.pop() ?? []) {
      if (variable === undefined) this.#variables.delete(name);
      else this.#variables.set(name, variable);
    }
  }

  names(): string[] {
    return [...this.#variables.keys()].sort();
  }

  /** What programs are given. */
  environment(): Map<string, string> {
    const environment = new Map<string, string>();
    for (const [name, variable] of this.#variables) {
      if (variable.exported && variable.value !== null) environment.set(name, variable.value);
    }
    return environment;
  }

  #check(name: string, variable: Variable): void {
    if (variable.readonly) throw new ShellError(`${name}: readonly variable`);
  }

  #grow(characters: number): void {
    if (characters > 0 && this.#size + characters > sizeMax) {
      throw new ShellError(`xrealloc: cannot allocate ${this.#size + characters} bytes`, 2);
    }
    this.#size += characters;
  }
}

/** A plain variable that becomes an array keeps its value as element 0. */
function firstElements(variable: Variable): Map<string, string> {
  if (variable.value === null) return new Map();
  variable.lastIndex = 0;
  return new Map([['0', variable.value]]);
}
