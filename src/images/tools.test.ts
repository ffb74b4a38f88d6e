import { expect, test } from 'vitest';
import { networkTools } from '#shell/network/networkTools.ts';
import { machineTools } from '#shell/machineTools.ts';
import { programs } from '#shell/programs.ts';
import { machineToolNames, networkToolNames, toolNames } from './tools.ts';

test('images know all of the shell’s tools by name', () => {
  expect([...toolNames, 'jq'].sort()).toEqual([...programs.keys()].sort());
  expect([...machineToolNames].sort()).toEqual([...machineTools.keys()].sort());
  expect([...networkToolNames].sort()).toEqual([...networkTools.keys()].sort());
});
