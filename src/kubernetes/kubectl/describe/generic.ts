// Upstream: kubectl/pkg/describe/describe.go genericDescriber
import type { KubeObject } from '#kubernetes/api/object.ts';
import { goFormat } from '../output/goFormat.ts';
import { eventsAbout, type DescribeContext } from './describer.ts';
import type { DescribeWriter } from './describeWriter.ts';
import { writeEvents, writeLabelsAndAnnotations } from './fields.ts';

const acronyms = ['API', 'URL', 'UID', 'OSB', 'GUID'];
const skipped = new Set([
  '.metadata.managedFields',
  '.metadata.name',
  '.metadata.namespace',
  '.metadata.labels',
  '.metadata.annotations',
]);

/** `apiVersion` → `API Version`. */
function titleOf(field: string): string {
  if (/^[A-Z\d]+$/.test(field)) return field;
  const words = field.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^A-Za-z\d]+/g) ?? [field];
  return words
    .map((word) =>
      acronyms.includes(word.toUpperCase())
        ? word.toUpperCase()
        : word === word.toUpperCase()
          ? word
          : word[0]!.toUpperCase() + word.slice(1),
    )
    .join(' ');
}

function writeContent(
  writer: DescribeWriter,
  level: number,
  content: Readonly<Record<string, unknown>>,
  path: string,
): void {
  for (const field of Object.keys(content).sort()) {
    const value = content[field];
    const here = `${path}.${field}`;
    if (skipped.has(here)) continue;
    if (Array.isArray(value)) {
      writer.line(level, `${titleOf(field)}:`);
      for (const child of value as unknown[]) {
        if (typeof child === 'object' && child !== null)
          writeContent(writer, level + 1, child as Record<string, unknown>, here);
        else writer.line(level + 1, goFormat(child));
      }
    } else if (typeof value === 'object' && value !== null) {
      writer.line(level, `${titleOf(field)}:`);
      writeContent(writer, level + 1, value as Record<string, unknown>, here);
    } else writer.line(level, `${titleOf(field)}:\t${goFormat(value)}`);
  }
}

/** Any kind without a describer of its own: its fields, sorted. */
export async function describeGeneric(
  object: KubeObject,
  writer: DescribeWriter,
  context: DescribeContext,
): Promise<void> {
  writer.line(0, `Name:\t${object.metadata.name}`);
  writer.line(0, `Namespace:\t${object.metadata.namespace ?? ''}`);
  writeLabelsAndAnnotations(writer, object.metadata);
  writeContent(writer, 0, object as unknown as Record<string, unknown>, '');
  if (context.showEvents) writeEvents(writer, await eventsAbout(object, context), context.nowMs);
}
