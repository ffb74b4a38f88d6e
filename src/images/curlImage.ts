import type { Program } from '#world/machine/program.ts';
import { defineImage, mb } from './image.ts';
import { and, busyboxTools, network } from './tools.ts';

/** Runs what it is given, or curl with it when that is no command. */
const entrypoint: Program = async (process) => {
  const args = process.args.slice(1);
  const named = process.lookUp(args[0] ?? '');
  const program = named ?? process.lookUp('curl')!;
  const child = process.spawn(program, { args: named === undefined ? ['curl', ...args] : args });
  process.onSignal('TERM', () => child.signal('TERM'));
  return process.waitFor(child);
};

/** The image that has curl and little else. */
export const curlImage = defineImage({
  name: 'curlimages/curl',
  tags: [
    'latest',
    '8.17.0',
    '8.16.0',
    '8.15.0',
    '8.14.1',
    '8.12.1',
    '8.11.1',
    '8.10.1',
    '8.9.1',
    '8.8.0',
    '8.7.1',
    '8.5.0',
  ],
  sizeBytes: 9 * mb,
  entrypoint: ['/entrypoint.sh'],
  command: ['curl'],
  files: { '/entrypoint.sh': '#!/bin/sh\n' },
  programs: and(busyboxTools, network('curl'), [['/entrypoint.sh', entrypoint]]),
});
