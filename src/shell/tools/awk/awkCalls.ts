import { ToolError } from '../tool.ts';
import { type AwkArray, type AwkLocal, type AwkState, type AwkValue, Untyped } from './awkState.ts';

/** How a statement ended. */
export type Completion = 'normal' | 'break' | 'continue' | 'next' | 'exit' | 'return';
export type Expression = (state: AwkState) => AwkValue;
export type AwkStatement = (state: AwkState) => Completion;

/** A function that the program defines. */
export interface AwkFunction {
  readonly parameters: readonly string[];
  body: AwkStatement;
}

/** An argument: its value, and its name where it is nothing but a name, which may be an array's. */
export interface AwkArgument {
  readonly value: Expression;
  readonly name: string | null;
}

/** Calls within each other. */
const depthMax = 200;

/** Calls a function of the program; arrays are handed over themselves, all else by value. */
export function callFunction(
  state: AwkState,
  name: string,
  own: AwkFunction,
  args: readonly AwkArgument[],
): AwkValue {
  state.step();
  if (++state.depth > depthMax) throw new ToolError(`function ${name}: call depth exceeds ${depthMax}`, 2);
  const locals = new Map<string, AwkLocal>();
  own.parameters.forEach((parameter, index) => {
    const argument = args[index];
    if (argument === undefined) locals.set(parameter, undefined);
    else locals.set(parameter, argument.name === null ? argument.value(state) : passed(state, argument.name));
  });
  const before = state.locals;
  state.locals = locals;
  state.returned = undefined;
  own.body(state);
  state.locals = before;
  state.depth--;
  const value = state.returned;
  state.returned = undefined;
  return value;
}
function passed(state: AwkState, name: string): AwkLocal {
  const { locals } = state;
  if (locals?.has(name) === true) {
    const local = locals.get(name);
    if (local !== undefined) return local;
    return new Untyped(() => {
      const made = locals.get(name);
      if (made instanceof Map) return made;
      const array: AwkArray = new Map();
      locals.set(name, array);
      return array;
    });
  }
  const array = state.arrays.get(name);
  if (array !== undefined) return array;
  const value = state.get(name);
  if (value !== undefined) return value;
  return new Untyped(() => {
    let made = state.arrays.get(name);
    if (made === undefined) state.arrays.set(name, (made = new Map()));
    return made;
  });
}
