import { defaultPreemption } from './plugins/defaultPreemption.ts';
import type { SchedulerParts } from './plugins/registry.ts';

export const laterParts: SchedulerParts = { defaultPreemption };
