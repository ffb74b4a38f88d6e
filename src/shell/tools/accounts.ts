import type { Process } from '#world/machine/program.ts';

/** The accounts that every image has. */
const names: Readonly<Record<number, string>> = { 0: 'root', 65534: 'nobody' };

/** And the groups besides. */
const groups: Readonly<Record<number, string>> = { 6: 'disk' };

/** What a group is called here; undefined for a number without a name. */
export function nameOfGroup(process: Process, id: number): string | undefined {
  return nameOfId(process, id) ?? groups[id];
}

/** What a user or group is called here; undefined for a number without a name. */
export function nameOfId({ user, environment }: Process, id: number): string | undefined {
  const own = environment.get('USER') ?? 'root';
  // A learner's machine knows the learner.
  if (id !== 0 && id === user.uid && own !== 'root') return own;
  return names[id];
}

/** The number behind a name, or of a number; undefined for a name that nobody has. */
export function idOfName({ user, environment }: Process, name: string): number | undefined {
  if (/^\d+$/.test(name)) return Number(name);
  if (name === environment.get('USER')) return user.uid;
  const found = Object.keys(names).find((id) => names[Number(id)] === name);
  return found === undefined ? undefined : Number(found);
}
