import type { Assignment, Word } from 'unbash';
import { evaluateText } from './arithmetic.ts';
import { expandParts, expandText, expandWords } from './expansion.ts';
import type { Shell } from './shell.ts';

/** Carries out `x=1`, `x+=1`, `a[2]=x`, `a=(1 2 3)`; the text assigned, or null for an array. */
export async function assign(shell: Shell, assignment: Assignment): Promise<string | null> {
  const { name, value } = assignment;
  const variables = shell.variables;
  const append = assignment.append === true;
  if (value.type === 'ArrayValue') {
    await assignArray(shell, name, value.elements, append);
    return null;
  }
  const key = assignment.index === undefined ? undefined : await elementKey(shell, name, assignment.index);
  const text = await expandText(shell, value, true);
  const before = key === undefined ? variables.get(name) : elementOf(shell, name, key);
  const integer = variables.find(name)?.integer === true;
  let next = append && !integer ? (before ?? '') + text : text;
  if (integer) {
    const sum = append ? `(${before ?? '0'}) + (${text})` : text;
    next = String(await evaluateText(shell, sum, expandParts));
  }
  if (key === undefined) variables.set(name, next);
  else variables.setElement(name, key, next);
  if (shell.options.has('allexport')) variables.export(name);
  return next;
}

async function assignArray(
  shell: Shell,
  name: string,
  elements: readonly Word[],
  append: boolean,
): Promise<void> {
  const variables = shell.variables;
  const associative = variables.find(name)?.associative === true;
  let next = append ? variables.nextIndex(name) : 0;
  const entries: [string, string][] = [];
  for (const element of elements) {
    const keyed = /^\[([^\]]*)\]=/.exec(element.text);
    if (keyed === null) {
      for (const item of await expandWords(shell, [element])) entries.push([String(next++), item]);
      continue;
    }
    const key = associative ? unquote(keyed[1]!) : String(await evaluateText(shell, keyed[1]!, expandParts));
    const whole = await expandText(shell, element);
    entries.push([key, whole.slice(whole.indexOf(']=') + 2)]);
    next = Number(key) + 1;
  }
  if (!append) variables.setArray(name, associative);
  for (const [key, item] of entries) variables.setElement(name, key, item);
}

function unquote(key: string): string {
  return key.replace(/^(["'])(.*)\1$/, '$2');
}

async function elementKey(shell: Shell, name: string, index: Word): Promise<string> {
  const text = await expandText(shell, index);
  if (shell.variables.find(name)?.associative === true) return text;
  const number = Number(await evaluateText(shell, text, expandParts));
  if (number >= 0) return String(number);
  return String(number + shell.variables.nextIndex(name));
}

function elementOf(shell: Shell, name: string, key: string): string | undefined {
  const variable = shell.variables.find(name);
  return variable?.elements === null ? shell.variables.get(name) : variable?.elements.get(key);
}
