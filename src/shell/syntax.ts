import { forEachChild, parse, type Statement, type SyntaxNode } from 'unbash';

/** A text taken apart. */
export interface Parsed {
  /** What can run; with an error, what stands on the lines before it. */
  readonly statements: readonly Statement[];
  readonly source: string;
  readonly error: SyntaxFailure | null;
  /** True when more lines could still make it whole. */
  readonly incomplete: boolean;
}

export interface SyntaxFailure {
  /** In bash's words. */
  readonly message: string;
  readonly line: number;
  /** The line itself, which bash shows below the message; null at the end of the text. */
  readonly text: string | null;
}

/** Parses a script, or what was typed so far. */
export function parseScript(source: string): Parsed {
  const script = parse(source);
  const errors = script.errors ?? [];
  const open = errors.some((error) => endsInside(source, error)) || continues(source);
  const incomplete = open || (source.includes('<<') && hasOpenHereDocument(script));
  const first = errors[0];
  if (first === undefined) return { statements: script.commands, source, error: null, incomplete };
  const lineStart = source.lastIndexOf('\n', first.pos - 1) + 1;
  const before = script.commands.filter((statement) => statement.end <= lineStart);
  return {
    // Where the text ends too early, the last statement is the one that is not whole.
    statements: open ? before.filter((statement) => statement !== script.commands.at(-1)) : before,
    source,
    error: failureOf(source, first),
    incomplete,
  };
}

interface ParserError {
  readonly message: string;
  readonly pos: number;
}

/** A `done` or `fi` that came before the `do` or `then` it needs; the parser reports the end of the text. */
function strayCloser(
  source: string,
  error: ParserError,
): { readonly token: string; readonly pos: number } | null {
  if (!/^expected '(do|then)'$/.test(error.message)) return null;
  const match = /(?:^|[\s;])(done|fi|esac)\s*$/.exec(source.slice(0, error.pos));
  return match === null ? null : { token: match[1]!, pos: source.lastIndexOf(match[1]!, error.pos) };
}

function endsInside(source: string, error: ParserError): boolean {
  if (strayCloser(source, error) !== null) return false;
  return error.message.startsWith('unterminated') || source.slice(error.pos).trim() === '';
}

/** True when the last line ends in a backslash that continues it. */
function continues(source: string): boolean {
  const match = /(\\+)\n$/.exec(source);
  return match !== null && match[1]!.length % 2 === 1;
}

function failureOf(source: string, error: ParserError): SyntaxFailure {
  const stray = strayCloser(source, error);
  if (stray !== null) return failureOf(source, { message: 'unexpected token', pos: stray.pos });
  const line = source.slice(0, error.pos).split('\n').length;
  const quoted = /^unterminated (.*)$/.exec(error.message);
  if (quoted !== null) {
    const closers: Readonly<Record<string, string>> = {
      'double quote': '"',
      'single quote': "'",
      'command substitution': ')',
      'parameter expansion': '}',
    };
    const closer = closers[quoted[1]!] ?? ')';
    return { message: `unexpected EOF while looking for matching \`${closer}'`, line, text: null };
  }
  const rest = source.slice(error.pos).replace(/^[ \t]+/, '');
  if (rest.trim() === '') {
    const last = source.replace(/\n$/, '').split('\n').length;
    return { message: 'syntax error: unexpected end of file', line: last + 1, text: null };
  }
  const token = /^(?:[^\s;&|()<>]+|&&|\|\||;;|[;&|()<>])/.exec(rest)?.[0] ?? 'newline';
  return {
    message: `syntax error near unexpected token \`${token}'`,
    line,
    text: source.split('\n')[line - 1] ?? '',
  };
}

function hasOpenHereDocument(node: SyntaxNode): boolean {
  if (node.type === 'HereDoc' && node.closing === undefined) return true;
  let found = false;
  forEachChild(node, (child) => {
    found ||= hasOpenHereDocument(child);
  });
  return found;
}

/** Writes aliases out, as an interactive shell does before it parses a line. */
export function expandAliases(source: string, aliases: ReadonlyMap<string, string>): string {
  if (aliases.size === 0) return source;
  const done = new Set<string>();
  let text = source;
  for (;;) {
    const found: { readonly pos: number; readonly end: number; readonly name: string }[] = [];
    const visit = (node: SyntaxNode): void => {
      const name = node.type === 'Command' ? node.name : undefined;
      if (name !== undefined && text.slice(name.pos, name.end) === name.text) {
        if (aliases.has(name.text) && !done.has(name.text)) found.push({ ...name, name: name.text });
      }
      forEachChild(node, visit);
    };
    visit(parse(text));
    if (found.length === 0) return text;
    for (const { pos, end, name } of found.sort((a, b) => b.pos - a.pos)) {
      done.add(name);
      text = text.slice(0, pos) + aliases.get(name)! + text.slice(end);
    }
  }
}
