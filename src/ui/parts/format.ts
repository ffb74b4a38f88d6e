/** Numbers as a learner reads them. `Intl` is not needed: the page is dense and its units are Kubernetes'. */

/** Millicores: `250m`, `1.5`, `4`. */
export function formatCpu(millicores: number): string {
  if (millicores < 1000) return `${Math.round(millicores)}m`;
  return trimmed(millicores / 1000, 1);
}

const byteUnits = ['', 'Ki', 'Mi', 'Gi', 'Ti'];

/** Bytes: `64Mi`, `1.5Gi`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < byteUnits.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${trimmed(value, value < 10 ? 1 : 0)}${byteUnits[unit]}`;
}

/** Requests per second from thousandths: `0`, `0.5`, `212`, `10k`, `1.2M`. */
export function formatRate(milliRequests: number): string {
  const rate = milliRequests / 1000;
  if (rate >= 1e6) return `${trimmed(rate / 1e6, 1)}M`;
  if (rate >= 10_000) return `${trimmed(rate / 1000, 1)}k`;
  return trimmed(rate, rate < 10 ? 1 : 0);
}

/** A share as a percentage: `0%`, `0.4%`, `37%`. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return '<0.1%';
  return `${trimmed(percent, percent < 10 ? 1 : 0)}%`;
}

function trimmed(value: number, digits: number): string {
  return value.toFixed(digits).replace(/\.0+$/u, '');
}

const pad = (value: number): string => String(value).padStart(2, '0');

/** Time of the virtual clock: `10:04:07`. */
export function formatClock(ms: number): string {
  const date = new Date(ms);
  return `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}:${pad(date.getUTCSeconds())}`;
}

/** Day of the virtual clock: `Thu 1 Jan`. */
export function formatDay(ms: number): string {
  const date = new Date(ms);
  const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  return `${days[date.getUTCDay()]} ${date.getUTCDate()} ${months[date.getUTCMonth()]}`;
}

/** An age as kubectl says it. Upstream: apimachinery/pkg/util/duration HumanDuration. */
export function formatAge(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return withRest(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return withRest(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (days < 8) return withRest(days, 'd', hours % 24, 'h');
  return `${days}d`;
}

function withRest(value: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${value}${unit}` : `${value}${unit}${rest}${restUnit}`;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Who did it, in the words of those who talk about it: `replicaset-controller`, `kubelet node-1`. */
export function formatActor(actor: string): string {
  return actor
    .replace(/^system:serviceaccount:[^:]+:/u, '')
    .replace(/^system:node:/u, 'kubelet ')
    .replace(/^system:/u, '');
}
