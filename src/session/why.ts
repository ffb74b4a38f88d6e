import type { Answers } from '#protocol/messages.ts';
import { type Cause, trailOf } from '#sim/cause.ts';

/** Past tense of the API's verbs. */
const past: Record<string, string> = {
  create: 'created',
  update: 'updated',
  patch: 'patched',
  delete: 'deleted',
  input: 'typed',
  tick: 'looked again, as it does from time to time',
};

/** The trail of a write in words, nearest first; "who did what" at each link. */
export function explainCause(cause: Cause | null): Answers['why'] {
  return trailOf(cause).map((link) => ({
    atMs: link.atMs,
    actor: link.actor,
    action: link.action,
    text: sentence(link),
    rowId: link.action === 'input' || link.action === 'tick' ? null : rowOf(link.subject),
  }));
}

function sentence({ action, subject, cut }: Cause): string {
  const older = cut ? ' (what led to this is no longer kept)' : '';
  if (action === 'tick') return past['tick']! + older;
  if (action === 'input') return subject + older;
  return `${past[action] ?? action} ${subject}${older}`;
}

/** The row that a subject such as `pods/default/web/status` is about; null for one whose name was not known yet. */
function rowOf(subject: string): string | null {
  if (subject.endsWith('*')) return null;
  return subject.replace(/\/(status|scale|binding|finalize|eviction)$/, '');
}
