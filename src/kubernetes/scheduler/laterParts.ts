import { configure, profiles } from './configuration/configure.ts';
import { laterPlugins } from './laterPlugins.ts';
import type { SchedulerParts } from './schedulerParts.ts';
import { tryOut } from './tryOut.ts';

export const laterParts: SchedulerParts = { laterPlugins, tryOut, configure, profiles };
