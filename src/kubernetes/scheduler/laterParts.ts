import { laterPlugins } from './laterPlugins.ts';
import type { SchedulerParts } from './plugins/registry.ts';
import { tryOut } from './tryOut.ts';

export const laterParts: SchedulerParts = { laterPlugins, tryOut };
