import { comparable } from '../src/session/testTranscript.ts';

/** Sentences that come and go with what is simulated (D8), and are nobody's but ours. */
const ours = /^(Warning: .*\bPodarium\b|hint: this cluster serves).*\n?/gm;

/** What Go's logger says besides, with a time and a line of its source. */
const logged = /^[EWI]\d{4} \d\d:\d\d:\d\d\.\d+ .*\n?/gm;

/** What is printed, without what differs from run to run: times, ages, names and addresses that chance gives. */
export function normal(text: string): string {
  return comparable(
    text
      .replaceAll(ours, '')
      .replaceAll(logged, '')
      // Before the ages: a part of a uid may look like one.
      .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UID')
      .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( [+-]\d{4}( UTC)?|Z)?/g, 'TIME')
      .replaceAll(/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, 'TIME')
      .replaceAll(/\b\d{2,3}d\b( ago)? */g, 'SECONDS ')
      .replaceAll(/\/tmp\/podarium-kubectl-\w+|\/home\/learner/g, 'HOME')
      .replaceAll(/https:\/\/(127\.0\.0\.1|10\.0\.0\.2):\d+/g, 'SERVER')
      .replaceAll(/("?resourceVersion"?: ?)"\d+"/g, '$1"N"')
      .replaceAll(/\b[0-9a-f]{64}\b/g, 'DIGEST')
      .replaceAll(/\b1?\d\dm(?=\s|$)/gm, 'MINUTES')
      .replaceAll(/\b3\d{4}(?=\/(TCP|UDP)|\n|$)/gm, 'NODEPORT'),
  );
}
