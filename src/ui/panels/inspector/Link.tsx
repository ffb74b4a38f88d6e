import { HealthMark } from '#ui/parts/HealthMark.tsx';
import { KindIcon, kindOfRowId } from '#ui/parts/KindIcon.tsx';
import { usePage, useRow } from '#ui/store/context.ts';
import { inspect } from '#ui/store/view.ts';

/** A way to another thing; when that is gone, only its name. */
export function Link({ id }: { readonly id: string }) {
  const { view } = usePage();
  const row = useRow(id);
  const name = row !== undefined && 'name' in row ? row.name : id.slice(id.lastIndexOf('/') + 1);
  if (row === undefined || row.type === 'edge') return <span className="text-dim">{name} (gone)</span>;
  const kind = row.type === 'workload' ? row.kind : kindOfRowId(id);
  return (
    <button
      type="button"
      onClick={() => inspect(view, id, view.getState().inspectorTab)}
      className="inline-flex max-w-full items-center gap-1.5 align-bottom text-accent hover:underline"
    >
      <KindIcon kind={kind} className="size-4" />
      <span className="truncate">{name}</span>
      {'health' in row && <HealthMark health={row.health} className="size-3" />}
    </button>
  );
}
