import { FileError, type FileStatus } from '#world/machine/fileSystem.ts';
import type { Process } from '#world/machine/program.ts';
import { Pattern } from '../text/pattern.ts';
import { complain, pathOf, runCommandLine, statusOf, tool, ToolError } from './tool.ts';

interface Visited {
  readonly path: string;
  readonly status: FileStatus;
  readonly depth: number;
}

type Predicate = (visited: Visited) => boolean | Promise<boolean>;

interface Search {
  readonly test: Predicate;
  readonly minDepth: number;
  readonly maxDepth: number;
  /** What is in a directory comes before it. */
  readonly fromBelow: boolean;
}

export const find = tool(async (process) => {
  const words = process.args.slice(1);
  const firstExpression = words.findIndex((word) => /^[-(!]/.test(word));
  const roots = firstExpression < 0 ? words : words.slice(0, firstExpression);
  const search = new FindParser(process, firstExpression < 0 ? [] : words.slice(firstExpression)).parse();
  let status = 0;
  for (const root of roots.length > 0 ? roots : ['.']) {
    const found = statusOf(process, root);
    if (found === null) {
      await complain(process, `‘${root}’: No such file or directory`);
      status = 1;
    } else await visit(process, { path: root, status: found, depth: 0 }, search);
  }
  return status;
});

async function visit(process: Process, visited: Visited, search: Search): Promise<void> {
  const isMeant = visited.depth >= search.minDepth;
  if (isMeant && !search.fromBelow) await search.test(visited);
  await visitBelow(process, visited, search);
  if (isMeant && search.fromBelow) await search.test(visited);
}

async function visitBelow(process: Process, visited: Visited, search: Search): Promise<void> {
  if (visited.status.type !== 'directory' || visited.depth >= search.maxDepth) return;
  const base = visited.path.replace(/\/$/, '');
  for (const name of process.files.list(pathOf(process, visited.path))) {
    const path = `${base}/${name}`;
    const status = statusOf(process, path);
    if (status !== null) await visit(process, { path, status, depth: visited.depth + 1 }, search);
  }
}

class FindParser {
  readonly #process: Process;
  readonly #words: readonly string[];
  #at = 0;
  #minDepth = 0;
  #maxDepth = Infinity;
  #acts = false;
  #fromBelow = false;

  constructor(process: Process, words: readonly string[]) {
    this.#process = process;
    this.#words = words;
  }

  parse(): Search {
    const test = this.#words.length === 0 ? () => true : this.#or();
    if (this.#at < this.#words.length)
      throw new ToolError(`paths must precede expression: \`${this.#words[this.#at]}'`);
    const print = async (visited: Visited) => {
      if (await test(visited)) await this.#process.stdout.write(`${visited.path}\n`);
      return true;
    };
    return {
      test: this.#acts ? test : print,
      minDepth: this.#minDepth,
      maxDepth: this.#maxDepth,
      fromBelow: this.#fromBelow,
    };
  }

  #or(): Predicate {
    let left = this.#and();
    while (['-o', '-or'].includes(this.#words[this.#at] ?? '')) {
      this.#at++;
      const [first, second] = [left, this.#and()];
      left = async (visited) => (await first(visited)) || second(visited);
    }
    return left;
  }

  #and(): Predicate {
    let left = this.#primary();
    for (;;) {
      const word = this.#words[this.#at];
      if (word === undefined || ['-o', '-or', ')'].includes(word)) return left;
      if (word === '-a' || word === '-and') this.#at++;
      const [first, second] = [left, this.#primary()];
      left = async (visited) => (await first(visited)) && second(visited);
    }
  }

  #primary(): Predicate {
    const word = this.#words[this.#at++]!;
    if (word === '!' || word === '-not') {
      const inner = this.#primary();
      return async (visited) => !(await inner(visited));
    }
    if (word === '(') {
      const inner = this.#or();
      this.#at++;
      return inner;
    }
    return this.#test(word);
  }

  #argument(word: string): string {
    const argument = this.#words[this.#at++];
    if (argument === undefined) throw new ToolError(`missing argument to \`${word}'`);
    return argument;
  }

  #test(word: string): Predicate {
    const files = this.#process.files;
    switch (word) {
      case '-name':
      case '-iname': {
        const pattern = new Pattern(this.#argument(word), { ignoreCase: word === '-iname' });
        return ({ path }) =>
          pattern.matches(path.replace(/\/+$/, '').slice(path.replace(/\/+$/, '').lastIndexOf('/') + 1));
      }
      case '-path':
      case '-wholename': {
        const pattern = new Pattern(this.#argument(word));
        return ({ path }) => pattern.matches(path);
      }
      case '-type': {
        const type = this.#argument(word);
        if (!/^[fdl]$/.test(type)) throw new ToolError(`Unknown argument to -type: ${type}`);
        return ({ status }) => status.type === (type === 'f' ? 'file' : type === 'd' ? 'directory' : 'link');
      }
      case '-empty':
        return ({ path, status }) =>
          status.type === 'file' ? status.size === 0 : files.list(pathOf(this.#process, path)).length === 0;
      case '-maxdepth':
        this.#maxDepth = Number(this.#argument(word));
        return () => true;
      case '-mindepth':
        this.#minDepth = Number(this.#argument(word));
        return () => true;
      case '-print':
      case '-print0':
        this.#acts = true;
        return async ({ path }) => {
          await this.#process.stdout.write(word === '-print' ? `${path}\n` : `${path}\0`);
          return true;
        };
      case '-depth':
        this.#fromBelow = true;
        return () => true;
      case '-delete':
        this.#fromBelow = true;
        this.#acts = true;
        return ({ path }) => this.#delete(path);
      case '-exec':
        return this.#exec();
      default:
        throw new ToolError(`unknown predicate \`${word}'`);
    }
  }

  /** What is in a directory was seen before it, and is gone unless something else was asked for. */
  async #delete(path: string): Promise<boolean> {
    try {
      this.#process.files.remove(pathOf(this.#process, path));
      return true;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      await complain(this.#process, `cannot delete ‘${path}’: ${error.message}`);
      return false;
    }
  }

  #exec(): Predicate {
    this.#acts = true;
    const end = this.#words.findIndex((word, index) => index >= this.#at && (word === ';' || word === '+'));
    if (end < 0) throw new ToolError("missing argument to `-exec'");
    const command = this.#words.slice(this.#at, end);
    this.#at = end + 1;
    return async ({ path }) => {
      const args = command.map((word) => word.replaceAll('{}', path));
      return (await runCommandLine(this.#process, args)) === 0;
    };
  }
}
