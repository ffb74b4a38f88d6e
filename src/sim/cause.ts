/**
 * Why something happened: a link in the trail from an input or a periodic tick down to a write (D6).
 * It is Kubernetes' audit event with a parent.
 */
export interface Cause {
  readonly parent: Cause | null;
  readonly atMs: number;
  /** Who: a component or user name, such as `system:kube-scheduler` or `kubernetes-admin`. */
  readonly actor: string;
  /** What: `input`, `tick`, or an API verb such as `create`. */
  readonly action: string;
  /**
   * On what: a storage key such as `/registry/pods/default/web`, or the text of the input. A write's is filled in
   * when it is stored, with the very text of the key, so that causes cost no memory for names.
   */
  subject: string;
  /** The revision that the write got, 0 where nothing was written. */
  readonly revision: number;
  /** Links above this one, up to the nearest root; bounded, see `linksMax`. */
  readonly depth: number;
  /** True at a root that stands for older causes which are no longer kept. */
  readonly cut: boolean;
}

/** A trail longer than this starts anew, so that a pod which restarts for a year keeps no year of causes. */
const linksMax = 64;

/** A new link below `parent`. A null parent makes a root: an input, or a tick of a clock. */
export function causeOf(
  parent: Cause | null,
  atMs: number,
  actor: string,
  action: string,
  subject: string,
  revision = 0,
): Cause {
  const cut = parent !== null && parent.depth + 1 >= linksMax;
  return {
    parent: cut ? null : parent,
    atMs,
    actor,
    action,
    subject,
    revision,
    depth: parent === null || cut ? 0 : parent.depth + 1,
    cut,
  };
}

/** The trail from `cause` up to its root, nearest first. */
export function trailOf(cause: Cause | null): Cause[] {
  const trail: Cause[] = [];
  for (let link = cause; link !== null; link = link.parent) trail.push(link);
  return trail;
}
