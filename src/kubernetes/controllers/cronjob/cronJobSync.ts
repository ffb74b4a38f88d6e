import type { CronJob, CronJobStatus, Job } from '#generated/types/batch.v1.ts';
import { jobs } from '#kubernetes/api/batch/job.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { Informer } from '#kubernetes/client/informer.ts';
import type { ControllerContext } from '../controller.ts';

/** What the cron job controller works with. */
export interface Room extends ControllerContext {
  readonly cronJobCache: Informer<CronJob>;
  readonly jobCache: Informer<Job>;
}

/** One sync of one CronJob. */
export interface CronJobSync {
  readonly room: Room;
  readonly cronJob: CronJob;
  /** Those it controls. */
  readonly jobs: readonly Job[];
  /** As it is to be written at the end. */
  status: CronJobStatus;
}

export function isActive({ status }: CronJobSync, uid: string): boolean {
  return status.active?.some((reference) => reference.uid === uid) ?? false;
}

/** Takes a job off the list of those that run. */
export function dropActive(sync: CronJobSync, uid: string): void {
  const { active: present = [], ...rest } = sync.status;
  const active = present.filter((reference) => reference.uid !== uid);
  sync.status = { ...rest, ...(active.length > 0 && { active }) };
}

/** The condition by which a job has ended: `Complete`, `Failed`, or undefined while it has not. */
export function finishedCondition({ status }: Job): string | undefined {
  return status.conditions?.find(
    ({ type, status: value }) => (type === 'Complete' || type === 'Failed') && value === 'True',
  )?.type;
}

/** Deletes a job with its pods and says so. Returns whether it is gone. */
export function deleteJob(sync: CronJobSync, name: string, uid: string): boolean {
  const { room, cronJob } = sync;
  try {
    room.client.delete(jobs, cronJob.metadata.namespace ?? '', name, { propagationPolicy: 'Background' });
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    if (error.reason !== 'NotFound') {
      room.recorder.event(cronJob, 'Warning', 'FailedDelete', `Deleted job: ${error.message}`);
      return false;
    }
  }
  dropActive(sync, uid);
  room.recorder.event(cronJob, 'Normal', 'SuccessfulDelete', `Deleted job ${name}`);
  return true;
}
