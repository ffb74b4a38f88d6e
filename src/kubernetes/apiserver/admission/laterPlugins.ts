import type { AdmissionPlugin } from '../context.ts';
import { podSecurity } from './podSecurity/podSecurity.ts';

/** The admission plugins that a cluster can start without: they are asked from the moment its second load has arrived. */
export const laterPlugins: readonly AdmissionPlugin[] = [podSecurity];
