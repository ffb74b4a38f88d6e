import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isSource, sourcesOf } from './sources.ts';
import { readTranscript, transcriptNames } from './transcripts.ts';

const cited = transcriptNames.flatMap((name) => readTranscript(name).flatMap(sourcesOf));

test('every source that a transcript cites is in the list of files that exist upstream, and none is kept that nobody cites', () => {
  const known = readFileSync(new URL('./upstream.txt', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  expect(known).toEqual([...known].sort());
  const paths = [...new Set(cited)].filter((source) => source !== 'kubectl');
  expect(paths.sort()).toEqual(known);
});

test.each([
  ['pkg/apis/core/v1/defaults.go', true],
  ['apiserver/pkg/storage/errors.go', true],
  ['kubectl', true],
  ['recordings/api-1.20.jsonl', false],
  ['somewhere', false],
])('%s is a source: %s', (source, is) => {
  expect(isSource(source)).toBe(is);
});
