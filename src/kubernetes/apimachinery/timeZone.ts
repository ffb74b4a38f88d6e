// Upstream: Go's time.LoadLocation; POSIX' TZ rules
import { badRequest } from './statusError.ts';
import { timeZoneTable } from './timeZoneTable.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** The last, first … weekday of a month, and the time of that day. */
interface Rule {
  readonly month: number;
  /** 5 is the last. */
  readonly week: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** From midnight; may be negative or beyond the day. */
  readonly minutes: number;
}

/** A time zone by its present rules. */
export interface TimeZone {
  readonly name: string;
  /** Minutes east of UTC. */
  readonly standard: number;
  readonly daylight?: { readonly minutes: number; readonly starts: Rule; readonly ends: Rule };
}

export const utc: TimeZone = { name: 'UTC', standard: 0 };

const known = new Map<string, TimeZone>();

function readRule(text: string): Rule {
  const [date = '', time = '2'] = text.split('/');
  const [month = 1, week = 1, weekday = 0] = date.split('.').map(Number);
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return { month, week, weekday, minutes: hours * 60 + minutes };
}

function readTable(): void {
  for (const [key, names] of Object.entries(timeZoneTable)) {
    const [standard = '0', daylight, starts, ends] = key.split(' ');
    const rules = daylight &&
      starts &&
      ends && { daylight: { minutes: Number(daylight), starts: readRule(starts), ends: readRule(ends) } };
    for (const name of names.split(' ')) known.set(name, { name, standard: Number(standard), ...rules });
  }
}

/** The zone of that name, `UTC` for none. Throws a BadRequest in Go's words for one that nobody knows. */
export function timeZone(name: string): TimeZone {
  if (name === '' || name === 'UTC') return utc;
  if (known.size === 0) readTable();
  const found = known.get(name);
  if (found === undefined) throw badRequest(`unknown time zone ${name}`);
  return found;
}

/** The wall clock's time at which a rule takes effect in a year, as if the wall stood in UTC. */
function wallTimeOf({ month, week, weekday, minutes }: Rule, year: number): number {
  const first = Date.UTC(year, month - 1, 1);
  const offset = (weekday - new Date(first).getUTCDay() + 7) % 7;
  let day = 1 + offset + (week - 1) * 7;
  const daysInMonth = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (day > daysInMonth) day -= 7;
  return first + (day - 1) * dayMs + minutes * minuteMs;
}

/** Minutes east of UTC at a moment, in ms since 1970. */
export function offsetAt({ standard, daylight }: TimeZone, ms: number): number {
  if (daylight === undefined) return standard;
  const year = new Date(ms + standard * minuteMs).getUTCFullYear();
  const starts = wallTimeOf(daylight.starts, year) - standard * minuteMs;
  const ends = wallTimeOf(daylight.ends, year) - daylight.minutes * minuteMs;
  const isDaylight = starts < ends ? ms >= starts && ms < ends : ms >= starts || ms < ends;
  return isDaylight ? daylight.minutes : standard;
}

/** What a zone's wall clock shows at a moment, as ms since 1970 of a clock in UTC that shows the same. */
export function wallClock(zone: TimeZone, ms: number): number {
  return ms + offsetAt(zone, ms) * minuteMs;
}

/** The moment at which a zone's wall clock shows `wallMs`. One that it skips is taken by the offset before, as in Go. */
export function momentOf(zone: TimeZone, wallMs: number): number {
  const guess = wallMs - offsetAt(zone, wallMs) * minuteMs;
  const before = wallMs - offsetAt(zone, guess - dayMs) * minuteMs;
  if (wallClock(zone, before) === wallMs) return before;
  const after = wallMs - offsetAt(zone, guess + dayMs) * minuteMs;
  return wallClock(zone, after) === wallMs ? after : before;
}
