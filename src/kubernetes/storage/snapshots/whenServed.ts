import { customResourceDefinitions } from '#kubernetes/api/apiextensions/customResourceDefinition.ts';
import type { Informers } from '#kubernetes/client/informer.ts';
import { snapshotGroup, snapshotKinds } from './snapshotKinds.ts';

/**
 * Calls `begin` when all kinds of snapshots are served, and what it returns when one of them is no longer, each time
 * that somebody installs or removes their definitions.
 */
export function whenServed(informers: Informers, begin: () => () => void): void {
  const definitions = informers.of(customResourceDefinitions);
  const names = snapshotKinds.map(({ plural }) => `${plural}.${snapshotGroup}`);
  let end: (() => void) | null = null;
  const isServed = (name: string) => {
    const { metadata, status } = definitions.get(name) ?? {};
    if (metadata === undefined || metadata.deletionTimestamp !== undefined) return false;
    return (
      status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True') === true
    );
  };
  definitions.onChange((now, before) => {
    if (!names.includes((now ?? before)!.metadata.name)) return;
    const areServed = names.every(isServed);
    if (areServed && end === null) end = begin();
    else if (!areServed && end !== null) {
      end();
      end = null;
    }
  });
}
