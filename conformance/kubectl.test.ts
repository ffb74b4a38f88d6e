import { expect, test } from 'vitest';
import { isAnswered } from './answers.ts';
import { normal } from './normal.ts';
import { playOwn } from './ownPlay.ts';
import { isSource, sourcesOf } from './sources.ts';
import { readTranscript, transcriptNames, writeTranscript } from './transcripts.ts';

// The transcripts are what the real kubectl printed (`npm run conformance:kubectl` plays it again, where there is one).
// Where a change of the server is right, `UPDATE=1` takes what our own kubectl prints now; read the difference.
test.each(transcriptNames)(
  'our kubectl prints what upstream’s does: %s',
  { timeout: 120_000 },
  async (name) => {
    const written = readTranscript(name);
    const unsourced: string[] = [];
    const played = await playOwn(written, (at, output, answers) => {
      const block = written[at]!;
      const sources = sourcesOf(block);
      if (sources.some((source) => !isSource(source))) unsourced.push(block.act);
      if (sources.length === 0 && isAnswered(block.act, output, answers)) unsourced.push(block.act);
    });
    if (process.env['UPDATE'] === '1') {
      const differs = played.map((block, at) => normal(block.output) !== normal(written[at]!.output));
      writeTranscript(
        name,
        written.map((block, at) => (differs[at] ? played[at]! : block)),
      );
      return;
    }
    expect(unsourced, 'lines that print what the server says, without its source').toEqual([]);
    for (const [at, { act, output }] of played.entries())
      expect(`${act}\n----\n${normal(output)}`, `${name}, line ${at + 1}`).toBe(
        `${act}\n----\n${normal(written[at]!.output)}`,
      );
  },
);
