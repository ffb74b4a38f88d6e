/** One `%…` of a format: flags, width, precision and conversion. */
export interface Directive {
  readonly left: boolean;
  readonly zero: boolean;
  readonly sign: string;
  readonly alternate: boolean;
  readonly width: number;
  readonly precision: number | null;
  readonly conversion: string;
}

/** A format, taken apart into plain text and directives; a width or precision of `*` takes an argument. */
export type FormatPart = string | { readonly text: string; readonly match: RegExpExecArray };

/** The widest that `%9999999d` may get. */
const widthMax = 65_536;

const directivePattern = /%([-+ 0#']*)(\*|\d*)(?:\.(\*|-?\d*))?(?:hh|h|ll|l|q|j|z|t|L)?([a-zA-Z%])/y;

/** Splits a format at its directives. */
export function parseFormat(format: string): FormatPart[] {
  const parts: FormatPart[] = [];
  let from = 0;
  for (let at = format.indexOf('%'); at >= 0; at = format.indexOf('%', at)) {
    directivePattern.lastIndex = at;
    const match = directivePattern.exec(format);
    if (match === null) {
      at++;
      continue;
    }
    if (at > from) parts.push(format.slice(from, at));
    parts.push({ text: match[0], match });
    at = from = at + match[0].length;
  }
  if (from < format.length) parts.push(format.slice(from));
  return parts;
}

/** The directive that a match of `parseFormat` stands for; `next` supplies what `*` takes. */
export function directiveOf(match: RegExpExecArray, next: () => number): Directive {
  const [, flags, widthText, precisionText, conversion] = match;
  const width = widthText === '*' ? next() : Number(widthText);
  const precision =
    precisionText === undefined ? null : precisionText === '*' ? next() : Number(precisionText);
  return {
    left: flags!.includes('-') || width < 0,
    zero: flags!.includes('0'),
    sign: flags!.includes('+') ? '+' : flags!.includes(' ') ? ' ' : '',
    alternate: flags!.includes('#'),
    width: Math.min(Math.abs(width), widthMax),
    precision: precision === null || precision < 0 ? null : Math.min(precision, widthMax),
    conversion: conversion!,
  };
}

/** A text, cut and padded. */
export function formatText(directive: Directive, text: string): string {
  const cut = directive.precision === null ? text : text.slice(0, directive.precision);
  return pad(directive, cut, '', false);
}

/** A whole number. */
export function formatInteger(directive: Directive, value: bigint): string {
  const { conversion, alternate, precision } = directive;
  const signed = conversion === 'd' || conversion === 'i';
  const magnitude = signed ? (value < 0n ? -value : value) : BigInt.asUintN(64, value);
  const base = conversion === 'x' || conversion === 'X' ? 16 : conversion === 'o' ? 8 : 10;
  let digits = magnitude.toString(base).padStart(precision ?? 0, '0');
  if (conversion === 'X') digits = digits.toUpperCase();
  let prefix = signed ? (value < 0n ? '-' : directive.sign) : '';
  if (alternate && magnitude !== 0n) prefix = base === 16 ? `0${conversion}` : base === 8 ? '0' : prefix;
  return pad(directive, digits, prefix, precision === null);
}

/** A number with a fraction. */
export function formatFloat(directive: Directive, value: number): string {
  const lower = directive.conversion.toLowerCase();
  const prefix = value < 0 || Object.is(value, -0) ? '-' : directive.sign;
  const magnitude = Math.abs(value);
  let digits: string;
  if (!Number.isFinite(value)) digits = Number.isNaN(value) ? 'nan' : 'inf';
  else if (lower === 'f') digits = fixed(magnitude, Math.min(100, directive.precision ?? 6));
  else if (lower === 'e')
    digits = exponential(magnitude.toExponential(Math.min(100, directive.precision ?? 6)));
  else digits = general(magnitude, Math.min(100, directive.precision ?? 6) || 1, directive.alternate);
  if (directive.conversion !== lower) digits = digits.toUpperCase();
  return pad(directive, digits, prefix, Number.isFinite(value));
}

function fixed(value: number, precision: number): string {
  // From 1e21 on `toFixed` turns to exponents.
  if (value >= 1e21) return BigInt(value).toString() + (precision > 0 ? `.${'0'.repeat(precision)}` : '');
  const rounded = value.toFixed(precision);
  // C rounds what lies just between to the even digit, `toFixed` up.
  const exact = value.toFixed(Math.min(100, precision + 30));
  const cut = exact.length - Math.min(100, precision + 30) + precision;
  const kept = precision === 0 ? exact.slice(0, cut - 1) : exact.slice(0, cut);
  const tie = /^\.?50*$/.test(exact.slice(kept.length));
  return tie && '02468'.includes(kept.at(-1)!) ? kept : rounded;
}

function exponential(text: string): string {
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

/** C's `%g`: the shorter of fixed and exponential, without zeros at its end. */
function general(value: number, precision: number, keepZeros: boolean): string {
  const scientific = value.toExponential(precision - 1);
  const exponent = Number(scientific.slice(scientific.indexOf('e') + 1));
  const trim = (text: string) => (keepZeros || !text.includes('.') ? text : text.replace(/\.?0+$/, ''));
  if (exponent < -4 || exponent >= precision) {
    const [mantissa, rest] = scientific.split('e') as [string, string];
    return exponential(`${trim(mantissa)}e${rest}`);
  }
  return trim(value.toFixed(Math.min(100, Math.max(0, precision - 1 - exponent))));
}

function pad(directive: Directive, digits: string, prefix: string, mayZero: boolean): string {
  const { width, left, zero } = directive;
  if (!left && zero && mayZero) return prefix + digits.padStart(width - prefix.length, '0');
  return left ? (prefix + digits).padEnd(width) : (prefix + digits).padStart(width);
}

const simpleEscapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  E: '\u001b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/**
 * Backslash escapes as `echo -e`, `printf` and `%b` read them. Octal is `\0nnn` for `echo` and `%b`, `\nnn`
 * for a format. `stopped` is true after `\c`, which ends all output.
 */
export function unescape(text: string, octal: 'zero' | 'plain'): { text: string; stopped: boolean } {
  if (!text.includes('\\')) return { text, stopped: false };
  let stopped = false;
  const pattern =
    octal === 'zero'
      ? /\\(0[0-7]{0,3}|x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|[^])/g
      : /\\([0-7]{1,3}|x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|[^])/g;
  const result = text.replace(pattern, (whole: string, body: string) => {
    if (stopped) return '';
    if (body === 'c') {
      stopped = true;
      return '\u0000c';
    }
    if (octal === 'zero' ? body.startsWith('0') : /^[0-7]/.test(body))
      return String.fromCharCode(Number.parseInt(body, 8));
    if (/^[xu]./.test(body)) return String.fromCharCode(Number.parseInt(body.slice(1), 16));
    return simpleEscapes[body] ?? (octal === 'plain' && '"\''.includes(body) ? body : whole);
  });
  return stopped ? { text: result.slice(0, result.indexOf('\u0000c')), stopped } : { text: result, stopped };
}
