import { parseOptions } from './options.ts';
import { tool, ToolError } from './tool.ts';

const days = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const months = 'January February March April May June July August September October November December'.split(
  ' ',
);

const two = (value: number, fill = '0') => String(value).padStart(2, fill);

/** A time as `date` and `strftime` show it, in UTC. */
export function formatDate(format: string, ms: number): string {
  const date = new Date(ms);
  const day = days[date.getUTCDay()]!;
  const month = months[date.getUTCMonth()]!;
  const hour = date.getUTCHours();
  const startOfYearMs = Date.UTC(date.getUTCFullYear(), 0, 1);
  const values: Readonly<Record<string, () => string>> = {
    Y: () => String(date.getUTCFullYear()),
    y: () => two(date.getUTCFullYear() % 100),
    C: () => two(Math.floor(date.getUTCFullYear() / 100)),
    m: () => two(date.getUTCMonth() + 1),
    d: () => two(date.getUTCDate()),
    e: () => two(date.getUTCDate(), ' '),
    H: () => two(hour),
    I: () => two(hour % 12 || 12),
    M: () => two(date.getUTCMinutes()),
    S: () => two(date.getUTCSeconds()),
    N: () => String(Math.floor((((ms % 1000) + 1000) % 1000) * 1_000_000)).padStart(9, '0'),
    s: () => String(Math.floor(ms / 1000)),
    j: () => String(Math.floor((ms - startOfYearMs) / 86_400_000) + 1).padStart(3, '0'),
    u: () => String(date.getUTCDay() || 7),
    w: () => String(date.getUTCDay()),
    p: () => (hour < 12 ? 'AM' : 'PM'),
    a: () => day.slice(0, 3),
    A: () => day,
    b: () => month.slice(0, 3),
    h: () => month.slice(0, 3),
    B: () => month,
    Z: () => 'UTC',
    z: () => '+0000',
    n: () => '\n',
    t: () => '\t',
    '%': () => '%',
    F: () => formatDate('%Y-%m-%d', ms),
    T: () => formatDate('%H:%M:%S', ms),
    R: () => formatDate('%H:%M', ms),
    D: () => formatDate('%m/%d/%y', ms),
    c: () => formatDate('%a %b %e %H:%M:%S %Y', ms),
    x: () => formatDate('%m/%d/%y', ms),
    X: () => formatDate('%H:%M:%S', ms),
  };
  return format.replace(
    /%([-_^0:]*)(\d*)([a-zA-Z%])/g,
    (whole, flags: string, width: string, letter: string) => {
      const value = letter === 'z' && flags.includes(':') ? '+00:00' : values[letter]?.();
      if (value === undefined) return whole;
      if (letter === 'N' && width !== '') return value.slice(0, Number(width));
      if (flags.includes('-')) return value.replace(/^[0 ]+(?=.)/, '');
      return flags.includes('^') ? value.toUpperCase() : value;
    },
  );
}

const unitMs: Readonly<Record<string, number>> = {
  sec: 1000,
  second: 1000,
  min: 60_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

/** `@1700000000`, `2026-01-01 12:00`, `now`, `yesterday`, `2 hours ago`; null when it is none of them. */
function parseDate(text: string, nowMs: number): number | null {
  const trimmed = text.trim();
  if (/^@-?\d+$/.test(trimmed)) return Number(trimmed.slice(1)) * 1000;
  let ms = nowMs;
  let relative = trimmed;
  const absolute = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))? ?(Z|UTC|[-+]\d\d:?\d\d)?/.exec(
    trimmed,
  );
  if (absolute !== null) {
    const [whole, day, time = '00:00:00', zone = 'Z'] = absolute;
    ms = Date.parse(`${day}T${time}${zone === 'UTC' ? 'Z' : zone}`);
    if (Number.isNaN(ms)) return null;
    relative = trimmed.slice(whole.length);
  }
  const rest = relative
    .replace(/\b(now|today)\b/g, '')
    .replace(/\byesterday\b/g, '-1 day')
    .replace(/\btomorrow\b/g, '1 day')
    .replace(
      /([-+]?\s*\d+)\s*([a-z]+?)s?\b(\s+ago)?/g,
      (whole, count: string, unit: string, ago?: string) => {
        const each = unitMs[unit];
        if (each === undefined) return whole;
        ms += Number(count.replace(/\s/g, '')) * each * (ago === undefined ? 1 : -1);
        return '';
      },
    );
  return rest.trim() === '' ? ms : null;
}

export const date = tool(async (process) => {
  const options = parseOptions(process.args, {
    letters: 'd:uRI:r:',
    long: { date: 'd', utc: 'u', universal: 'u', 'rfc-email': 'R', 'iso-8601': 'J', 'rfc-3339': 'K' },
  });
  const { nowMs } = process.simulation;
  const given = options.get('d');
  const ms = given === undefined ? nowMs : parseDate(given, nowMs);
  if (ms === null) throw new ToolError(`invalid date ‘${given}’`);
  const operand = options.operands[0];
  if (operand !== undefined && !operand.startsWith('+'))
    throw new ToolError('cannot set date: Operation not permitted');
  let format = operand?.slice(1) ?? '%a %b %e %H:%M:%S %Z %Y';
  if (options.has('R')) format = '%a, %d %b %Y %H:%M:%S +0000';
  const precision = options.get('J') ?? options.get('I');
  if (precision !== undefined) format = precision.startsWith('s') ? '%Y-%m-%dT%H:%M:%S+00:00' : '%Y-%m-%d';
  if (options.has('K')) format = '%Y-%m-%d %H:%M:%S+00:00';
  await process.stdout.write(`${formatDate(format, ms)}\n`);
  return 0;
});
