import { defaultPreemption } from './plugins/defaultPreemption.ts';
import type { SchedulerParts } from './plugins/registry.ts';
import { tryOut } from './tryOut.ts';

export const laterParts: SchedulerParts = { defaultPreemption, tryOut };
