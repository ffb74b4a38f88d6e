import type { Command } from '../command.ts';
import { setEnv } from './set/env.ts';
import { setImage } from './set/image.ts';
import { setResources } from './set/resources.ts';
import { setSubject } from './set/subject.ts';
import { setSelector, setServiceAccount } from './set/fields.ts';

export const set: Command = {
  name: 'set',
  group: 'Basic Commands (Beginner)',
  summary: 'Set specific features on objects',
  long: 'Configure application resources.\n\n These commands help you make changes to existing application resources.',
  usage: 'set SUBCOMMAND',
  subcommands: [setEnv, setImage, setResources, setSelector, setServiceAccount, setSubject],
};
