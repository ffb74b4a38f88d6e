// Upstream: k8s.io/klog/v2 formatHeader
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import type { Process } from '#world/machine/program.ts';

/** A line of kubectl's own log: `W1126 11:54:06.525360    8259 proxy.go:177] …`. `place` is upstream's, with its line. */
export function klogLine(
  process: Process,
  severity: 'W' | 'E' | 'F',
  place: string,
  message: string,
): string {
  const { nowMs } = process.simulation;
  const [, month = '', day = '', time = ''] = /^\d+-(\d+)-(\d+)T([\d:]+)Z$/.exec(formatTime(nowMs)) ?? [];
  const micros = String(Math.floor((nowMs % 1000) * 1000)).padStart(6, '0');
  return `${severity}${month}${day} ${time}.${micros} ${String(process.id).padStart(7)} ${place}] ${message}\n`;
}
