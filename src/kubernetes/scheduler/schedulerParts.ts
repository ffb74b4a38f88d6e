import type { EventRecorder } from '#kubernetes/client/eventRecorder.ts';
import type { SchedulerConfiguration } from './configuration/configuration.ts';
import type { CallExtender } from './extenderCalls.ts';
import type { laterPlugins } from './laterPlugins.ts';
import type { PluginContext } from './pluginContext.ts';
import type { Profile } from './profile.ts';
import type { tryOut } from './tryOut.ts';

/** The process that a scheduler is, as far as its configuration goes. */
export interface SchedulerProcess {
  /** The whole command line. */
  readonly args: readonly string[];
  readonly nowMs: number;
  /** A file of its container; null where there is none. */
  read(path: string): string | null;
  /** Appends to its log; `text` ends with a newline. */
  log(text: string): void;
}

/** What a scheduler does without until the second load; it may be set while the scheduler runs. */
export interface SchedulerParts {
  laterPlugins?: typeof laterPlugins;
  tryOut?: typeof tryOut;
  /** Reads what the command line of its container asks for; a number is the exit code of one that cannot start. */
  configure?(process: SchedulerProcess): SchedulerConfiguration | number | null;
  /** The profiles of a configuration that has been looked at. */
  profiles?(options: {
    readonly configuration: SchedulerConfiguration;
    readonly context: PluginContext;
    readonly makeLater: ReturnType<typeof laterPlugins>;
    recorderFor(schedulerName: string): EventRecorder;
    readonly callExtender: CallExtender;
  }): readonly Profile[];
}
