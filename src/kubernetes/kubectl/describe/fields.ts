// Upstream: kubectl/pkg/describe/describe.go (what the describers share)
import type { Event } from '#generated/types/core.v1.ts';
import type { ObjectMeta } from '#generated/types/meta.v1.ts';
import { humanDuration } from '#kubernetes/apimachinery/duration.ts';
import { formatLabels } from '#kubernetes/apimachinery/labels.ts';
import { parseTime } from '#kubernetes/apimachinery/time.ts';
import { lastAppliedAnnotation } from '../lastApplied.ts';
import type { DescribeWriter } from './describeWriter.ts';

/** Annotations longer than this are cut. */
const annotationMax = 140;

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** RFC 1123 with a numeric zone: `Sat, 21 Nov 2026 08:00:00 +0000`. */
export function longTime(timestamp: string | null | undefined): string {
  if (!timestamp) return 'Mon, 01 Jan 0001 00:00:00 +0000';
  const date = new Date(parseTime(timestamp));
  const pad = (value: number) => String(value).padStart(2, '0');
  const clock = `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}:${pad(date.getUTCSeconds())}`;
  return `${days[date.getUTCDay()]}, ${pad(date.getUTCDate())} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()} ${clock} +0000`;
}

/** How long ago, or `<unknown>`. */
export function since(timestamp: string | null | undefined, nowMs: number): string {
  return timestamp ? humanDuration(nowMs - parseTime(timestamp)) : '<unknown>';
}

/** Labels, node selectors and the like: a line each, sorted, under one title. */
export function writeMap(
  writer: DescribeWriter,
  title: string,
  map: Readonly<Record<string, string>> | undefined,
  level = 0,
): void {
  writeList(
    writer,
    title,
    Object.keys(map ?? {})
      .sort()
      .map((key) => `${key}=${map![key]}`),
    level,
  );
}

/** Lines under one title; `<none>` when there are none. */
export function writeList(writer: DescribeWriter, title: string, lines: readonly string[], level = 0): void {
  if (lines.length === 0) return writer.line(level, `${title}:\t<none>`);
  lines.forEach((line, i) => writer.line(level, i === 0 ? `${title}:\t${line}` : `\t${line}`));
}

/** A line for each; `asLabels` is how some kinds show all of them in one, the applied configuration too. */
export function writeAnnotations(
  writer: DescribeWriter,
  { annotations }: Pick<ObjectMeta, 'annotations'>,
  title = 'Annotations',
  level = 0,
  asLabels = false,
): void {
  if (asLabels) {
    for (const line of `${title}:\t${formatLabels(annotations)}`.split('\n')) writer.line(level, line);
    return;
  }
  const keys = Object.keys(annotations ?? {})
    .filter((key) => key !== lastAppliedAnnotation)
    .sort();
  if (keys.length === 0) return writer.line(level, `${title}:\t<none>`);
  keys.forEach((key, i) => {
    const indent = i === 0 ? `${title}:\t` : '\t';
    const value = annotations![key]!.replace(/\n$/, '');
    if (value.length + key.length + 2 <= annotationMax && !value.includes('\n'))
      return writer.line(level, `${indent}${key}: ${value}`);
    writer.line(level, `${indent}${key}:`);
    for (const line of value.split('\n'))
      writer.line(
        level,
        `\t  ${line.length > annotationMax - 2 ? `${line.slice(0, annotationMax - 2)}...` : line}`,
      );
  });
}

export function writeLabelsAndAnnotations(writer: DescribeWriter, metadata: ObjectMeta): void {
  writeMap(writer, 'Labels', metadata.labels);
  writeAnnotations(writer, metadata);
}

function momentOf(event: Event): number {
  const time = event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime;
  return time ? parseTime(time) : 0;
}

/** The table of events at the end of most descriptions. */
export function writeEvents(writer: DescribeWriter, events: readonly Event[], nowMs: number): void {
  if (events.length === 0) return writer.line(0, 'Events:\t<none>');
  writer.flush();
  writer.line(0, 'Events:\n  Type\tReason\tAge\tFrom\tMessage');
  writer.line(1, '----\t------\t----\t----\t-------');
  for (const event of [...events].sort((a, b) => momentOf(a) - momentOf(b))) {
    const source = event.source?.component || event.reportingComponent || '';
    writer.line(
      1,
      `${event.type}\t${event.reason}\t${intervalOf(event, nowMs)}\t${source}\t${(event.message ?? '').trim()}`,
    );
  }
}

function intervalOf(event: Event, nowMs: number): string {
  const first = since(event.eventTime ?? event.firstTimestamp, nowMs);
  if (event.series)
    return `${since(event.series.lastObservedTime, nowMs)} (x${event.series.count ?? 0} over ${first})`;
  if ((event.count ?? 0) > 1) return `${since(event.lastTimestamp, nowMs)} (x${event.count} over ${first})`;
  return first;
}

/** The controlling owner as `Kind/name`, or undefined. */
export function controllerOf({ ownerReferences }: Pick<ObjectMeta, 'ownerReferences'>): string | undefined {
  const owner = ownerReferences?.find((reference) => reference.controller);
  return owner && `${owner.kind}/${owner.name}`;
}
