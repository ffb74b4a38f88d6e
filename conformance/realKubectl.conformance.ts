import { expect, test } from 'vitest';
import { normal } from './normal.ts';
import { playReal } from './realPlay.ts';
import { readTranscript, transcriptNames, writeTranscript } from './transcripts.ts';

const kubectl = process.env['KUBECTL'] ?? '';
const wanted = (process.env['TRANSCRIPTS'] ?? '').split(' ').filter((name) => name !== '');
const names = wanted.length > 0 ? transcriptNames.filter((name) => wanted.includes(name)) : transcriptNames;

// Upstream's own kubectl against the bridge. `UPDATE=1` records what it prints.
test.concurrent.each(names)('upstream’s kubectl prints what was recorded: %s', async (name) => {
  const written = readTranscript(name);
  const played = await playReal(written, kubectl);
  if (process.env['UPDATE'] === '1') {
    const keeps = played.map((block, at) => normal(block.output) === normal(written[at]!.output));
    writeTranscript(
      name,
      written.map((block, at) => (keeps[at] ? block : played[at]!)),
    );
    return;
  }
  for (const [at, { act, output }] of played.entries()) {
    const [now, then] = [normal(output), normal(written[at]!.output)];
    if (wordsOf(now) === wordsOf(then)) continue;
    expect(`${act}\n----\n${now}`, `${name}, line ${at + 1}`).toBe(`${act}\n----\n${then}`);
  }
});

/**
 * The words of a text, in an order of their own: upstream's kubectl walks Go's maps, whose order is chance, where it lists
 * labels or the reasons of a drain. Ours is held to the recorded order.
 */
function wordsOf(text: string): string {
  return text
    .split(/[\s,[\]]+/)
    .sort()
    .join(' ');
}
