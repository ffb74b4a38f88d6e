import type { Answers } from '#protocol/messages.ts';
import { type Cause, trailOf } from '#sim/cause.ts';
import { actorName } from './actor.ts';
import { rowIdOfKey } from './rowIdOfKey.ts';

/** Past tense of the API's verbs, and of the two roots. */
const past: Record<string, string> = {
  create: 'created',
  update: 'updated',
  patch: 'changed',
  delete: 'deleted',
  'create binding': 'bound',
  'create eviction': 'evicted',
};

/** The trail of a write in words, nearest first; "who did what" at each link. */
export function explainCause(cause: Cause | null): Answers['why'] {
  return trailOf(cause).map((link) => {
    const isRoot = link.action === 'input' || link.action === 'tick';
    const id = link.subject.startsWith('/registry/') ? rowIdOfKey(link.subject) : link.subject;
    return {
      atMs: link.atMs,
      actor: actorName(link.actor),
      action: link.action,
      text: sentence(link, id),
      rowId: isRoot || id === '' ? null : id,
    };
  });
}

function sentence({ action, subject, cut }: Cause, id: string): string {
  const older = cut ? ' (what led to this is no longer kept)' : '';
  if (action === 'tick') return `looked again, as it does from time to time${older}`;
  if (action === 'input') return subject + older;
  const [verb = '', subresource] = action.split(' ');
  const did = past[action] ?? past[verb] ?? verb;
  const what = subresource === 'status' || subresource === 'scale' ? `${subresource} of ${id}` : id;
  return `${did} ${what}${older}`;
}
