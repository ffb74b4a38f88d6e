// Upstream: apimachinery/pkg/util/yaml/decoder.go, sigs.k8s.io/yaml (YAML 1.1 with go-yaml's sentences)
import {
  boolYaml11Tag,
  CORE_SCHEMA,
  defineScalarTag,
  load,
  mergeTag,
  NOT_RESOLVED,
  YAMLException,
} from 'js-yaml';
import { StatusError } from './statusError.ts';

/** The API server's limit of a request body; a longer document is refused before it is parsed. */
const documentCharactersMax = 3_145_728;
/** How many values one document may hold with its aliases written out. */
const nodesMax = 400_000;

/** Go's ParseInt with base 0, after the underscores that YAML 1.1 allows are gone. */
function integerOf(source: string): number | undefined {
  const plain = source.replaceAll('_', '');
  if (!/^[-+]?(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9]\d*)$/.test(plain)) return undefined;
  const sign = plain.startsWith('-') ? -1 : 1;
  const digits = plain.replace(/^[-+]/, '');
  if (/^0[xXbB]/.test(digits)) return sign * Number(digits);
  if (/^0[oO]?[0-7]/.test(digits)) return sign * parseInt(digits.replace(/^0[oO]?/, ''), 8);
  return sign * Number(digits);
}

const special: Readonly<Record<string, number>> = {
  '.inf': Infinity,
  '+.inf': Infinity,
  '-.inf': -Infinity,
  '.nan': NaN,
};

function floatOf(source: string): number | undefined {
  const plain = source.replaceAll('_', '');
  if (/^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/.test(plain)) return Number(plain);
  return /^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$/.test(source) ? special[source.toLowerCase()] : undefined;
}

const numberTag = (name: string, read: (source: string) => number | undefined) =>
  defineScalarTag<number>(`tag:yaml.org,2002:${name}`, {
    implicit: true,
    implicitFirstChars: '+-.0123456789'.split(''),
    resolve: (source) => read(source) ?? NOT_RESOLVED,
    identify: () => false,
  });

const numbers = [numberTag('int', integerOf), numberTag('float', floatOf), mergeTag] as const;
const schema = CORE_SCHEMA.withTags(boolYaml11Tag, ...numbers);
/** go-yaml 3 takes `yes` and `on` for texts. */
const schemaOfVersion3 = CORE_SCHEMA.withTags(...numbers);

/** The documents of a file, as text, split where kubectl splits. Throws an Error with its sentence. */
export function splitDocuments(text: string): string[] {
  const documents: string[] = [];
  let lines: string[] = [];
  for (const line of text.split('\n')) {
    if (!line.startsWith('---')) {
      lines.push(line);
      continue;
    }
    const rest = line.slice(3).trim();
    if (rest !== '' && !rest.startsWith('#')) throw new Error(`invalid Yaml document separator: ${rest}`);
    documents.push(lines.join('\n'));
    lines = [];
  }
  documents.push(lines.join('\n'));
  return documents.filter((document) => /\S/.test(document));
}

/** One document, as JSON would have it and as that version of go-yaml reads it. Throws an Error with kubectl's sentence, or a StatusError when too large. */
export function parseDocument(text: string, goYaml: 2 | 3 = 2): unknown {
  if (text.length > documentCharactersMax) {
    throw new StatusError(
      'RequestEntityTooLarge',
      `Request entity too large: limit is ${documentCharactersMax}`,
    );
  }
  if (/^\s*\{/.test(text)) {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      // What begins like JSON may still be YAML's flow style.
    }
  }
  try {
    const value = /^\s*(#.*\s*)*$/.test(text)
      ? null
      : load(text, { schema: goYaml === 2 ? schema : schemaOfVersion3, json: true });
    checkSize(value);
    return value;
  } catch (error) {
    if (error instanceof YAMLException)
      throw new Error(`error converting YAML to JSON: yaml: ${sentenceOf(error, text)}`, { cause: error });
    throw error;
  }
}

/** Aliases of aliases grow without bound when written out; numbers that JSON cannot hold are refused too. */
function checkSize(value: unknown): void {
  let left = nodesMax;
  const walk = (node: unknown): void => {
    if (--left < 0)
      throw new Error('error converting YAML to JSON: yaml: document contains excessive aliasing');
    if (typeof node === 'number' && !Number.isFinite(node)) {
      const name = Number.isNaN(node) ? 'NaN' : node > 0 ? '+Inf' : '-Inf';
      throw new Error(`error converting YAML to JSON: json: unsupported value: ${name}`);
    }
    if (typeof node === 'object' && node !== null) Object.values(node).forEach(walk);
  };
  walk(value);
}

/** What go-yaml would have said: its scanner counts lines from 1, its parser from 0, and 0 is not said. */
function sentenceOf({ reason, mark }: YAMLException, text: string): string {
  const line = mark?.line ?? 0;
  const at = mark?.position ?? 0;
  const scanner = (sentence: string, where = line) =>
    where === 0 ? sentence : `line ${where + 1}: ${sentence}`;
  const parser = (sentence: string, where = line) => (where === 0 ? sentence : `line ${where}: ${sentence}`);
  const alias = /^unidentified alias "(.*)"$/.exec(reason)?.[1];
  if (alias !== undefined) return `unknown anchor '${alias}' referenced`;
  const lastLine = text.split('\n').length - 1;
  const open = openAt(text, at);
  if (open === '"' || open === "'") return scanner('found unexpected end of stream', lastLine);
  if (reason.startsWith('tab characters') && followsPlainScalar(text, line)) {
    return scanner('found a tab character that violates indentation');
  }
  if (/^[@`%\t]/.test(text.slice(at)) || reason.startsWith('tab characters')) {
    return scanner('found character that cannot start any token');
  }
  if (open === '[' || open === '{')
    return parser(`did not find expected ',' or '${open === '[' ? ']' : '}'}'`);
  if (reason.includes('multiline key') || reason.startsWith("expected ':'"))
    return scanner("could not find expected ':'");
  if (/^:(\s|$)/.test(text.slice(at))) return scanner('mapping values are not allowed in this context');
  if (reason.startsWith('bad indentation of a sequence'))
    return parser("did not find expected '-' indicator");
  if (reason.startsWith('end of the stream')) return parser('did not find expected <document start>');
  if (reason.startsWith('bad indentation') || reason.startsWith('deficient'))
    return parser('did not find expected key');
  return scanner(reason);
}

/** True when the line before ends in an unquoted value, which the tab's line would continue. */
function followsPlainScalar(text: string, line: number): boolean {
  const before = text.split('\n')[line - 1] ?? '';
  return /:\s+[^\s'"|>[{&*!#]/.test(before);
}

/** The quote or bracket that is still open at a position, or `''`. */
function openAt(text: string, end: number): string {
  const open: string[] = [];
  for (let at = 0; at < end; at++) {
    const char = text[at]!;
    const top = open.at(-1);
    if (top === '"') {
      if (char === '\\') at++;
      else if (char === '"') open.pop();
    } else if (top === "'") {
      if (char === "'") open.pop();
    } else if (char === '#' && /\s/.test(text[at - 1] ?? ' '))
      at = (text.indexOf('\n', at) + 1 || end + 1) - 1;
    else if (
      (char === '"' || char === "'" || char === '[' || char === '{') &&
      /[\s[{,]/.test(text[at - 1] ?? ' ')
    ) {
      open.push(char);
    } else if ((char === ']' && top === '[') || (char === '}' && top === '{')) open.pop();
  }
  return open.at(-1) ?? '';
}
