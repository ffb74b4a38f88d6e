import type { laterPlugins } from './laterPlugins.ts';
import type { tryOut } from './tryOut.ts';

/** What a scheduler does without until the second load; it may be set while the scheduler runs. */
export interface SchedulerParts {
  laterPlugins?: typeof laterPlugins;
  tryOut?: typeof tryOut;
}
