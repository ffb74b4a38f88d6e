import type { Command } from './command.ts';
import { apiResources, apiVersions } from './commands/apiResources.ts';
import { apply } from './commands/apply.ts';
import { clusterInfo } from './commands/clusterInfo.ts';
import { create } from './commands/create.ts';
import { deleteCommand } from './commands/delete.ts';
import { describe } from './commands/describe.ts';
import { exec } from './commands/exec.ts';
import { get } from './commands/get.ts';
import { logs } from './commands/logs.ts';
import { options } from './commands/options.ts';
import { patch } from './commands/patch.ts';
import { replace } from './commands/replace.ts';
import { scale } from './commands/scale.ts';
import { version } from './commands/version.ts';

/** Every command, in the order in which help lists them. */
export const commands: readonly Command[] = [
  create,
  get,
  deleteCommand,
  scale,
  clusterInfo,
  describe,
  logs,
  exec,
  apply,
  patch,
  replace,
  apiResources,
  apiVersions,
  version,
  options,
];
