// Upstream: apimachinery/pkg/util/duration/duration.go and Go's time.Duration
import { badRequest } from './statusError.ts';

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const msOfUnit: { readonly [unit: string]: number } = {
  ns: 1 / 1_000_000,
  us: 1 / 1000,
  // U+00B5 is the micro sign, U+03BC the Greek letter; Go takes both.
  '\u00b5s': 1 / 1000,
  '\u03bcs': 1 / 1000,
  ms: 1,
  s: secondMs,
  m: minuteMs,
  h: hourMs,
};

/** An age as kubectl's AGE column prints it: `5d3h`, `<invalid>` for one that lies in the future. */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / secondMs);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 60 * 2) return `${seconds}s`;
  const minutes = Math.trunc(ms / minuteMs);
  if (minutes < 10) return withRest(minutes, 'm', seconds % 60, 's');
  if (minutes < 60 * 3) return `${minutes}m`;
  const hours = Math.trunc(ms / hourMs);
  if (hours < 8) return withRest(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / 24);
  if (hours < 24 * 8) return withRest(days, 'd', hours % 24, 'h');
  if (hours < 24 * 365 * 2) return `${days}d`;
  const years = Math.trunc(days / 365);
  return hours < 24 * 365 * 8 ? withRest(years, 'y', days % 365, 'd') : `${years}y`;
}

function withRest(value: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${value}${unit}` : `${value}${unit}${rest}${restUnit}`;
}

/** An age to one unit: `3h`. */
export function shortHumanDuration(ms: number): string {
  const seconds = Math.trunc(ms / secondMs);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 60) return `${seconds}s`;
  if (ms < hourMs) return `${Math.trunc(ms / minuteMs)}m`;
  const hours = Math.trunc(ms / hourMs);
  if (hours < 24) return `${hours}h`;
  return hours < 24 * 365 ? `${Math.trunc(hours / 24)}d` : `${Math.trunc(hours / 24 / 365)}y`;
}

/** A duration in ms as Go prints it: `1h2m0.5s`, `1.5ms`, `0s`; exact to the nanosecond. */
export function formatDuration(ms: number): string {
  const sign = ms < 0 ? '-' : '';
  const magnitude = Math.abs(ms);
  const whole = Math.floor(magnitude);
  const nanos = BigInt(whole) * 1_000_000n + BigInt(Math.round((magnitude - whole) * 1_000_000));
  if (nanos === 0n) return '0s';
  if (nanos < 1_000n) return `${sign}${nanos}ns`;
  if (nanos < 1_000_000n) return `${sign}${decimal(nanos, 3)}\u00b5s`;
  if (nanos < 1_000_000_000n) return `${sign}${decimal(nanos, 6)}ms`;
  const seconds = nanos / 1_000_000_000n;
  const minutes = seconds / 60n;
  const hours = minutes / 60n;
  const tail = `${decimal(nanos - minutes * 60_000_000_000n, 9)}s`;
  if (minutes === 0n) return sign + tail;
  return hours === 0n ? `${sign}${minutes}m${tail}` : `${sign}${hours}h${minutes % 60n}m${tail}`;
}

/** `value` / 10^`places`, without trailing zeros. */
function decimal(value: bigint, places: number): string {
  const digits = String(value).padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  return digits.slice(0, -places) + (fraction && `.${fraction}`);
}

/** `1h30m`, `1.5s`, `-2ms` to ms. Throws a BadRequest in Go's words. */
export function parseDuration(text: string): number {
  const [sign] = /^[-+]?/.exec(text)!;
  let rest = text.slice(sign.length);
  if (rest === '0') return 0;
  if (rest === '') throw badRequest(`time: invalid duration ${JSON.stringify(text)}`);
  let ms = 0;
  while (rest !== '') {
    const [found, number = '', unit = ''] = /^(\d+\.?\d*|\.\d+)?([^.\d]*)/.exec(rest)!;
    if (number === '') throw badRequest(`time: invalid duration ${JSON.stringify(text)}`);
    if (unit === '') throw badRequest(`time: missing unit in duration ${JSON.stringify(text)}`);
    const unitMs = msOfUnit[unit];
    if (unitMs === undefined)
      throw badRequest(`time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`);
    ms += Number(number) * unitMs;
    rest = rest.slice(found.length);
  }
  return sign === '-' ? -ms : ms;
}
