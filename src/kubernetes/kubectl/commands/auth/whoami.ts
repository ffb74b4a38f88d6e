// Upstream: kubectl/pkg/cmd/auth/whoami.go
import type { SelfSubjectReview } from '#generated/types/authentication.v1.ts';
import { selfSubjectReviews } from '#kubernetes/api/authorization/reviews.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import type { Command } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { printerOf, printFlags } from '../../output/printer.ts';
import { TableWriter } from '../../output/table.ts';
import { ask } from './review.ts';

const notEnabled = 'the selfsubjectreviews API is not enabled in the cluster';

export const whoami: Command = {
  name: 'whoami',
  summary: 'Experimental: Check self subject attributes',
  long: 'Experimental: Check who you are and your attributes (groups, extra).',
  examples: [
    ['Get your subject attributes', 'kubectl auth whoami'],
    ['Get your subject attributes in JSON format', 'kubectl auth whoami -o json'],
  ],
  usage: 'auth whoami',
  flags: printFlags,
  async run(invocation) {
    const print = printerOf(invocation);
    let review: SelfSubjectReview;
    try {
      review = await ask<SelfSubjectReview>(invocation, selfSubjectReviews, {});
    } catch (error) {
      if (isStatus(error, 'Forbidden'))
        throw new CommandError(`${notEnabled} or you do not have permission to call it`);
      if (isStatus(error, 'NotFound')) throw new CommandError(notEnabled);
      throw error;
    }
    await invocation.out(print ? print(review) : tableOf(review));
  },
};

function tableOf({ status }: SelfSubjectReview): string {
  const { username, uid, groups = [], extra = {} } = status.userInfo ?? {};
  const writer = new TableWriter();
  writer.add(['ATTRIBUTE', 'VALUE']);
  if (username) writer.add(['Username', username]);
  if (uid) writer.add(['UID', uid]);
  if (groups.length > 0) writer.add(['Groups', `[${groups.join(' ')}]`]);
  for (const key of Object.keys(extra).sort()) writer.add([`Extra: ${key}`, `[${extra[key]!.join(' ')}]`]);
  return writer.flush();
}
