// Upstream: Go's time.Parse, and apimachinery/pkg/apis/meta/v1/{time,micro_time}.go
import { formatMicroTime, formatTime, parseTime } from '#kubernetes/apimachinery/time.ts';

/** One element of a layout, as Go's sentences name it, with what it matches and the range it must be in. */
interface Element {
  readonly layout: string;
  readonly pattern: RegExp;
  readonly range?: readonly [name: string, low: number, high: number];
}

const zone: Element = { layout: 'Z07:00', pattern: /^(?:Z|[-+]\d\d:\d\d)/ };
const twoDigits = /^\d\d/;

function elements(second: string): readonly Element[] {
  const literal = (text: string): Element => ({ layout: text, pattern: new RegExp(`^${text}`) });
  return [
    { layout: '2006', pattern: /^\d{4}/ },
    literal('-'),
    { layout: '01', pattern: twoDigits, range: ['month', 1, 12] },
    literal('-'),
    { layout: '02', pattern: twoDigits, range: ['day', 1, 31] },
    literal('T'),
    { layout: '15', pattern: twoDigits, range: ['hour', 0, 23] },
    literal(':'),
    { layout: '04', pattern: twoDigits, range: ['minute', 0, 59] },
    literal(':'),
    { layout: '05', pattern: /^\d\d/, range: ['second', 0, 59] },
    second === '05.000000'
      ? { layout: '.000000', pattern: /^\.\d{6}\d*/ }
      : { layout: '', pattern: /^(?:[.,]\d+)?/ },
    zone,
  ];
}

const layouts = {
  time: { text: '2006-01-02T15:04:05Z07:00', elements: elements('05') },
  microTime: { text: '2006-01-02T15:04:05.000000Z07:00', elements: elements('05.000000') },
};

/** A time that Go cannot parse; the message is Go's. */
export class GoTimeError extends Error {
  override name = 'GoTimeError';
}

/**
 * The canonical form of an RFC 3339 time: UTC, with whole seconds (`time`) or six digits (`microTime`).
 * Throws a GoTimeError with the sentence of Go's time.Parse.
 */
export function canonicalTime(text: string, precision: 'time' | 'microTime'): string {
  if (precision === 'time' ? /^[\d-]{10}T[\d:]{8}Z$/.test(text) : /^[\d-]{10}T[\d:]{8}\.\d{6}Z$/.test(text)) {
    if (!Number.isNaN(Date.parse(text))) return text;
  }
  const layout = layouts[precision];
  checkElements(text, layout.text, layout.elements);
  return precision === 'time' ? formatTime(parseTime(text)) : formatMicroTime(parseTime(text));
}

function checkElements(text: string, layout: string, parts: readonly Element[]): void {
  let rest = text;
  const problem = (what: string) => new GoTimeError(`parsing time ${JSON.stringify(text)}${what}`);
  for (const part of parts) {
    const match = part.pattern.exec(rest);
    if (match === null) {
      const where = `cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(part.layout)}`;
      throw problem(` as ${JSON.stringify(layout)}: ${where}`);
    }
    if (part.range !== undefined) {
      const [name, low, high] = part.range;
      const value = Number(match[0]);
      if (value < low || value > high) throw problem(`: ${name} out of range`);
    }
    rest = rest.slice(match[0].length);
  }
  if (rest !== '') throw problem(`: extra text: ${JSON.stringify(rest)}`);
  const date = /^(\d{4}-\d\d)-(\d\d)/.exec(text)!;
  const day = Number(date[2]);
  const lastDay = new Date(Date.parse(`${date[1]}-01T00:00:00Z`));
  lastDay.setUTCMonth(lastDay.getUTCMonth() + 1, 0);
  if (day > lastDay.getUTCDate()) throw problem(': day out of range');
}
