// Upstream: kubectl/pkg/cmd/get/customcolumn.go
import { Jsonpath } from '#kubernetes/apimachinery/jsonpath.ts';
import { CommandError } from '../errors.ts';
import { goFormat } from './goFormat.ts';
import { relaxedPath } from './relaxedPath.ts';
import { TableWriter } from './table.ts';

/** Prints objects as rows of `HEADER:path` columns. */
export function customColumns(spec: string, noHeaders: boolean): (object: unknown) => string {
  const columns = spec.split(',').map((part) => {
    const at = part.indexOf(':');
    if (at < 0)
      throw new CommandError(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
    return { header: part.slice(0, at), path: new Jsonpath(relaxedPath(part.slice(at + 1))) };
  });
  const writer = new TableWriter();
  let headed = noHeaders;
  return (object) => {
    if (!headed) writer.add(columns.map(({ header }) => header));
    headed = true;
    const { items } = object as { items?: readonly unknown[] };
    for (const item of items ?? [object]) {
      writer.add(
        columns.map(({ path }) => {
          const values = path.find(item, { allowMissingKeys: true }).flat();
          return values.length === 0 ? '<none>' : values.map(goFormat).join(',');
        }),
      );
    }
    return writer.flush();
  };
}
