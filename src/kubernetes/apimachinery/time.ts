// Upstream: apimachinery/pkg/apis/meta/v1/{time,micro_time}.go
import { badRequest } from './statusError.ts';

const timePattern = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([-+])(\d\d):(\d\d))$/;
const daysInMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** metav1.Time: `2026-01-02T03:04:05Z`, from ms since 1970 (what is below a second is dropped). */
export function formatTime(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second !== latest.second) {
    // Joined, not pieced together: a text of parts would keep the parts alive beside it.
    const text = [new Date(second * 1000).toISOString().slice(0, 19), 'Z'].join('');
    latest = { second, text };
  }
  return latest.text;
}

/** What is written in one second shares one text. */
let latest = { second: NaN, text: '' };

/** metav1.MicroTime: `2026-01-02T03:04:05.000000Z`, from ms since 1970. */
export function formatMicroTime(ms: number): string {
  const micros = Math.floor(ms * 1000) % 1_000_000;
  const fraction = String(micros < 0 ? micros + 1_000_000 : micros).padStart(6, '0');
  return `${new Date(Math.floor(ms / 1000) * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}

/** RFC 3339 to ms since 1970, to the microsecond. Throws a BadRequest in Go's words. */
export function parseTime(text: string): number {
  const match = timePattern.exec(text);
  if (!match) throw badRequest(unreadable(text, text, '2006'));
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 && !leap ? 28 : daysInMonth[month - 1];
  if (days === undefined) throw badRequest(outOfRange(text, 'month'));
  if (day < 1 || day > days) throw badRequest(outOfRange(text, 'day'));
  if (hour > 23) throw badRequest(outOfRange(text, 'hour'));
  if (minute > 59) throw badRequest(outOfRange(text, 'minute'));
  if (second > 59) throw badRequest(outOfRange(text, 'second'));
  const [, , , , , , , fraction = '', sign, zoneHour = '0', zoneMinute = '0'] = match;
  const micros = Number(fraction.slice(0, 6).padEnd(6, '0'));
  const zoneMs = (Number(zoneHour) * 60 + Number(zoneMinute)) * 60_000 * (sign === '-' ? -1 : 1);
  // Date.UTC takes the years 0 to 99 for 1900 to 1999; the Date that follows does not.
  const midnight = new Date(0).setUTCFullYear(year, month - 1, day);
  return midnight + ((hour * 60 + minute) * 60 + second) * 1000 + micros / 1000 - zoneMs;
}

function unreadable(text: string, rest: string, element: string): string {
  const layout = '2006-01-02T15:04:05Z07:00';
  return `parsing time ${JSON.stringify(text)} as "${layout}": cannot parse ${JSON.stringify(rest)} as "${element}"`;
}

function outOfRange(text: string, what: string): string {
  return `parsing time ${JSON.stringify(text)}: ${what} out of range`;
}
