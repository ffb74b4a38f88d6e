// Upstream: github.com/robfig/cron/v3 ParseStandard and SpecSchedule.Next, which the CronJob controller runs by
import { parseDuration } from './duration.ts';
import { badRequest, StatusError } from './statusError.ts';
import { momentOf, type TimeZone, timeZone, utc, wallClock } from './timeZone.ts';

const secondMs = 1000;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** A schedule that has no time within so many years never has one: the 30th of February. */
const yearsMax = 5;

/** One of the five fields: which values it takes, and whether it is `*`. */
interface CronField {
  readonly values: ReadonlySet<number>;
  readonly isStar: boolean;
}

/** A schedule that was read: five fields, or a fixed period. */
export type CronSchedule =
  | {
      readonly minute: CronField;
      readonly hour: CronField;
      readonly dayOfMonth: CronField;
      readonly month: CronField;
      readonly dayOfWeek: CronField;
      /** What `TZ=` before the fields named. */
      readonly zone?: TimeZone;
    }
  | { readonly everyMs: number };

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const bounds = {
  minute: { min: 0, max: 59, names: [] },
  hour: { min: 0, max: 23, names: [] },
  dayOfMonth: { min: 1, max: 31, names: [] },
  month: { min: 1, max: 12, names: months },
  dayOfWeek: { min: 0, max: 6, names: days },
} as const satisfies Record<string, Bounds>;

const descriptors: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

function parseNumber(text: string): number {
  const why = `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}:`;
  if (!/^[-+]?\d+$/.test(text)) throw badRequest(`${why} invalid syntax`);
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw badRequest(`${why} value out of range`);
  if (value < 0) throw badRequest(`negative number (${value}) not allowed: ${text}`);
  return value;
}

function parseValue(text: string, { names, min }: Bounds): number {
  const at = names.indexOf(text.toLowerCase());
  return at < 0 ? parseNumber(text) : at + min;
}

/** `*`, `5`, `1-5`, each perhaps with `/step`; `5/10` begins at 5 and goes on to the end. */
function parseRange(text: string, field: Bounds): { values: number[]; isStar: boolean } {
  const [range = '', stepText, ...moreSteps] = text.split('/');
  const [low = '', high, ...moreHyphens] = range.split('-');
  const isStar = low === '*' || low === '?';
  let [start, end]: [number, number] = [field.min, field.max];
  if (!isStar) {
    start = parseValue(low, field);
    if (moreHyphens.length > 0) throw badRequest(`too many hyphens: ${text}`);
    end = high === undefined ? start : parseValue(high, field);
  }
  if (moreSteps.length > 0) throw badRequest(`too many slashes: ${text}`);
  const step = stepText === undefined ? 1 : parseNumber(stepText);
  if (stepText !== undefined && high === undefined) end = field.max;
  if (start < field.min)
    throw badRequest(`beginning of range (${start}) below minimum (${field.min}): ${text}`);
  if (end > field.max) throw badRequest(`end of range (${end}) above maximum (${field.max}): ${text}`);
  if (start > end) throw badRequest(`beginning of range (${start}) beyond end of range (${end}): ${text}`);
  if (step === 0) throw badRequest(`step of range should be a positive number: ${text}`);
  const values: number[] = [];
  for (let value = start; value <= end; value += step) values.push(value);
  return { values, isStar: isStar && step === 1 };
}

function parseField(text: string, field: Bounds): CronField {
  const ranges = text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => parseRange(part, field));
  return {
    values: new Set(ranges.flatMap(({ values }) => values)),
    isStar: ranges.some(({ isStar }) => isStar),
  };
}

function parseDescriptor(text: string): string | number {
  const known = descriptors[text];
  if (known !== undefined) return known;
  if (!text.startsWith('@every ')) throw badRequest(`unrecognized descriptor: ${text}`);
  try {
    const ms = parseDuration(text.slice('@every '.length));
    return Math.max(secondMs, ms - (ms % secondMs));
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    throw badRequest(`failed to parse duration ${text}: ${error.message}`);
  }
}

/** Cuts `TZ=Europe/Berlin ` off, which only objects from long ago have. */
function readZone(text: string): { rest: string; zone?: TimeZone } {
  const [, name, rest] = /^(?:CRON_)?TZ=(\S*)\s*(.*)$/.exec(text) ?? [];
  if (name === undefined || rest === undefined) return { rest: text };
  try {
    return { rest, zone: timeZone(name) };
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    throw badRequest(`provided bad location ${name}: ${error.message}`);
  }
}

/** Reads a schedule. Throws a BadRequest in the words of the library that upstream reads it with. */
export function parseCron(text: string): CronSchedule {
  if (text === '') throw badRequest('empty spec string');
  const { rest, zone } = readZone(text);
  const spec = rest.startsWith('@') ? parseDescriptor(rest) : rest;
  if (typeof spec === 'number') return { everyMs: spec };
  const fields = spec.split(/\s+/).filter((field) => field !== '');
  if (fields.length !== 5)
    throw badRequest(`expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`);
  const [minute, hour, dayOfMonth, month, dayOfWeek] = fields as [string, string, string, string, string];
  return {
    minute: parseField(minute, bounds.minute),
    hour: parseField(hour, bounds.hour),
    dayOfMonth: parseField(dayOfMonth, bounds.dayOfMonth),
    month: parseField(month, bounds.month),
    dayOfWeek: parseField(dayOfWeek, bounds.dayOfWeek),
    ...(zone && { zone }),
  };
}

type Fields = Exclude<CronSchedule, { readonly everyMs: number }>;

/** Both fields of the day must take it; where neither is `*`, one of the two is enough. */
function takesDay({ dayOfMonth, dayOfWeek }: Fields, wall: Date): boolean {
  const inMonth = dayOfMonth.values.has(wall.getUTCDate());
  const inWeek = dayOfWeek.values.has(wall.getUTCDay());
  return dayOfMonth.isStar || dayOfWeek.isStar ? inMonth && inWeek : inMonth || inWeek;
}

/** The earliest wall-clock minute from `wallMs` on whose month and day are taken, its hour and minute still open. */
function nextDay(fields: Fields, wallMs: number): number | undefined {
  let wall = new Date(wallMs);
  const lastYear = wall.getUTCFullYear() + yearsMax;
  while (wall.getUTCFullYear() <= lastYear) {
    const [year, month] = [wall.getUTCFullYear(), wall.getUTCMonth()];
    if (!fields.month.values.has(month + 1)) wall = new Date(Date.UTC(year, month + 1, 1));
    else if (!takesDay(fields, wall)) wall = new Date(Date.UTC(year, month, wall.getUTCDate() + 1));
    else return wall.getTime();
  }
  return undefined;
}

/**
 * The first moment after `afterMs` that a schedule names, in ms since 1970, by the wall clock of `zone`; undefined
 * where there is none within five years. An hour that the clock skips in spring is left out, as upstream does.
 */
export function nextCronTime(
  schedule: CronSchedule,
  afterMs: number,
  zone: TimeZone = utc,
): number | undefined {
  if ('everyMs' in schedule) return Math.floor(afterMs / secondMs) * secondMs + schedule.everyMs;
  const place = schedule.zone ?? zone;
  let ms = (Math.floor(afterMs / minuteMs) + 1) * minuteMs;
  for (;;) {
    const wall = wallClock(place, ms);
    const day = nextDay(schedule, wall);
    if (day === undefined) return undefined;
    if (day > wall) {
      ms = momentOf(place, day);
      continue;
    }
    const found = timeInDay(schedule, ms, place);
    if (found !== undefined) return found;
    ms = momentOf(place, Math.floor(wall / dayMs) * dayMs + dayMs);
  }
}

/** The first taken minute from `ms` on, on the same day of the wall clock. */
function timeInDay({ hour, minute }: Fields, ms: number, zone: TimeZone): number | undefined {
  const day = Math.floor(wallClock(zone, ms) / dayMs);
  let at = ms;
  for (let wall = wallClock(zone, at); Math.floor(wall / dayMs) === day; wall = wallClock(zone, at)) {
    const date = new Date(wall);
    if (!hour.values.has(date.getUTCHours())) at += hourMs - (wall % hourMs);
    else if (!minute.values.has(date.getUTCMinutes())) at += minuteMs;
    else return at;
  }
  return undefined;
}
