/** What happened, whatever it happened to. */
export interface Happening {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly fieldPath: string | undefined;
}

/** Past so many entries the table of shared happenings starts anew. */
const sharedMax = 1024;
const shared = new Map<string, Happening>();

export function isSame(a: Happening, b: Happening): boolean {
  return (
    a === b ||
    (a.message === b.message && a.reason === b.reason && a.type === b.type && a.fieldPath === b.fieldPath)
  );
}

/**
 * `happening`, or one object for all that say the same, where other objects than the one of that name may say it
 * too. It only saves room: nothing may depend on which of the two it is.
 */
export function sharedHappening(happening: Happening, name: string): Happening {
  const { message } = happening;
  if (message.includes(name)) return happening;
  const known = shared.get(message);
  if (known !== undefined && isSame(known, happening)) return known;
  if (shared.size >= sharedMax) shared.clear();
  shared.set(message, happening);
  return happening;
}
