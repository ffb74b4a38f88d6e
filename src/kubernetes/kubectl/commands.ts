import type { Command } from './command.ts';
import { apiResources, apiVersions } from './commands/apiResources.ts';
import { apply } from './commands/apply.ts';
import { attach } from './commands/attach.ts';
import { auth } from './commands/auth.ts';
import { autoscale } from './commands/autoscale.ts';
import { certificate } from './commands/certificate.ts';
import { clusterInfo } from './commands/clusterInfo.ts';
import { config } from './commands/config.ts';
import { cp } from './commands/cp.ts';
import { create } from './commands/create.ts';
import { debug } from './commands/debug.ts';
import { deleteCommand } from './commands/delete.ts';
import { describe } from './commands/describe.ts';
import { diff } from './commands/diff.ts';
import { edit } from './commands/edit.ts';
import { events } from './commands/events.ts';
import { exec } from './commands/exec.ts';
import { explain } from './commands/explain.ts';
import { expose } from './commands/expose.ts';
import { get } from './commands/get.ts';
import { annotate, label } from './commands/label.ts';
import { kustomize } from './commands/kustomize.ts';
import { logs } from './commands/logs.ts';
import { cordon, drain, taint, uncordon } from './commands/node.ts';
import { options } from './commands/options.ts';
import { patch } from './commands/patch.ts';
import { portForward } from './commands/portForward.ts';
import { proxy } from './commands/proxy.ts';
import { replace } from './commands/replace.ts';
import { rollout } from './commands/rollout.ts';
import { run } from './commands/run.ts';
import { scale } from './commands/scale.ts';
import { set } from './commands/set.ts';
import { top } from './commands/top.ts';
import { unsimulatedCommands } from './commands/unsimulated.ts';
import { version } from './commands/version.ts';
import { wait } from './commands/wait.ts';

/** Every command, in the order in which help lists them. */
export const commands: readonly Command[] = [
  create,
  expose,
  run,
  set,
  explain,
  get,
  edit,
  deleteCommand,
  rollout,
  scale,
  autoscale,
  certificate,
  clusterInfo,
  top,
  cordon,
  uncordon,
  drain,
  taint,
  describe,
  logs,
  attach,
  exec,
  portForward,
  proxy,
  cp,
  auth,
  debug,
  events,
  diff,
  apply,
  patch,
  replace,
  wait,
  kustomize,
  label,
  annotate,
  apiResources,
  apiVersions,
  config,
  version,
  options,
  ...unsimulatedCommands,
];
