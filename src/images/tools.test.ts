import { expect, test } from 'vitest';
import { networkTools } from '#shell/network/networkTools.ts';
import { programs } from '#shell/programs.ts';
import { networkToolNames, toolNames } from './tools.ts';

test('images know all of the shell’s tools by name', () => {
  expect([...toolNames, 'jq'].sort()).toEqual([...programs.keys()].sort());
  expect([...networkToolNames].sort()).toEqual([...networkTools.keys()].sort());
});
