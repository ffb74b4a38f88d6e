import type { DriverContext } from '../driver.ts';

/** What the snapshot controller works with: its own account, and a pod that it runs in. */
export interface SnapshotContext extends Pick<
  DriverContext,
  'simulation' | 'client' | 'informers' | 'recorder'
> {
  /** False while no pod runs it. */
  isRunning(): boolean;
}
