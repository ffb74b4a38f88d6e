import type { TestExpression } from 'unbash';
import { evaluateText } from './arithmetic.ts';
import { CommandError, ShellError } from './control.ts';
import { expandParts, expandPattern, expandRegex, expandText } from './expansion.ts';
import { mayAccess } from '#world/machine/userFiles.ts';
import type { Shell } from './shell.ts';
import { Pattern } from './text/pattern.ts';
import { compileRegex, RegexError } from '#text/regex.ts';

/** `-f x`, `-z x` …; undefined when there is no such operator. */
export function testUnary(shell: Shell, operator: string, operand: string): boolean | undefined {
  switch (operator) {
    case '-z':
      return operand === '';
    case '-n':
      return operand !== '';
    case '-v':
      return shell.variables.elements(operand).length > 0 || shell.variables.get(operand) !== undefined;
    case '-t':
      return isTerminal(shell, Number(operand));
    case '-o':
      return [...shell.options].some((option) => option === operand);
  }
  if (!/^-[abcdefghkprswxLNOSGu]$/.test(operator)) return undefined;
  const status = statusOf(shell, operand);
  if (status === null || /^-[hpLS]$/.test(operator)) return false;
  const { user } = shell.process;
  switch (operator) {
    case '-r':
      return mayAccess(status, user, 4);
    case '-w':
      return mayAccess(status, user, 2);
    case '-x':
      return mayAccess(status, user, 1) || (user.uid === 0 && status.type === 'directory');
    case '-O':
      return status.uid === user.uid;
    case '-G':
      return status.gid === user.gid;
    case '-u':
      return (status.mode & 0o4000) !== 0;
    case '-g':
      return (status.mode & 0o2000) !== 0;
    case '-k':
      return (status.mode & 0o1000) !== 0;
    case '-b':
      return status.device === 'block';
    case '-c':
      return status.device === 'character';
  }
  if (operator === '-d') return status.type === 'directory';
  if (operator === '-f') return status.type === 'file' && status.device === undefined;
  return operator !== '-s' || status.size > 0;
}

function isTerminal(shell: Shell, number: number): boolean {
  const descriptor = shell.descriptors.get(number);
  return descriptor?.source?.terminal === true || (descriptor?.sink?.terminalSize() ?? null) !== null;
}

function statusOf(shell: Shell, path: string) {
  try {
    return path === '' ? null : shell.process.files.status(shell.resolve(path));
  } catch {
    return null;
  }
}

const comparisons: Readonly<Record<string, (a: bigint, b: bigint) => boolean>> = {
  '-eq': (a, b) => a === b,
  '-ne': (a, b) => a !== b,
  '-lt': (a, b) => a < b,
  '-le': (a, b) => a <= b,
  '-gt': (a, b) => a > b,
  '-ge': (a, b) => a >= b,
};

/** `a = b`, `x -lt y` … on texts; undefined when there is no such operator. */
export function testBinary(shell: Shell, left: string, operator: string, right: string): boolean | undefined {
  const compare = comparisons[operator];
  if (compare !== undefined) return compare(integerOf(left), integerOf(right));
  switch (operator) {
    case '=':
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '-nt':
    case '-ot': {
      const [a, b] = [statusOf(shell, left)?.modifiedMs, statusOf(shell, right)?.modifiedMs];
      if (a === undefined || b === undefined) return (operator === '-nt' ? a : b) !== undefined;
      return operator === '-nt' ? a > b : a < b;
    }
    case '-ef':
      return statusOf(shell, left) !== null && shell.resolve(left) === shell.resolve(right);
    default:
      return undefined;
  }
}

function integerOf(text: string): bigint {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw new CommandError(`${text}: integer expression expected`, 2);
  return BigInt(text.trim().replace(/^\+/, ''));
}

/** `[[ … ]]`. */
export async function testExpression(shell: Shell, node: TestExpression): Promise<boolean> {
  switch (node.type) {
    case 'TestGroup':
      return testExpression(shell, node.expression);
    case 'TestNot':
      return (await testExpression(shell, node.operand)) !== (node.negations.length % 2 === 1);
    case 'TestLogical': {
      for (const operand of node.operands) {
        if ((await testExpression(shell, operand)) === (node.operator === '||'))
          return node.operator === '||';
      }
      return node.operator === '&&';
    }
    case 'TestUnary':
      return testUnary(shell, node.operator, await expandText(shell, node.operand)) ?? false;
    case 'TestBinary': {
      const left = await expandText(shell, node.left);
      const operator = node.operator;
      if (operator === '=~') return matchRegex(shell, left, await expandRegex(shell, node.right));
      if (['=', '==', '!='].includes(operator)) {
        const matches = new Pattern(await expandPattern(shell, node.right)).matches(left);
        return matches === (operator !== '!=');
      }
      const right = await expandText(shell, node.right);
      const compare = comparisons[operator];
      if (compare === undefined) return testBinary(shell, left, operator, right) ?? false;
      // Unlike `test`, `[[` takes expressions.
      const number = (text: string) => evaluateText(shell, text, expandParts);
      return compare(await number(left), await number(right));
    }
  }
}

function matchRegex(shell: Shell, text: string, source: string): boolean {
  try {
    const match = compileRegex(source).exec(text);
    shell.variables.setArray('BASH_REMATCH', false);
    match?.groups.forEach((group, index) => {
      shell.variables.setElement('BASH_REMATCH', String(index), group ?? '');
    });
    return match !== null;
  } catch (error) {
    if (error instanceof RegexError) throw new ShellError('syntax error in regular expression', 2);
    throw error;
  }
}
