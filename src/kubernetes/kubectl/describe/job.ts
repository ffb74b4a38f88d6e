// Upstream: kubectl/pkg/describe/describe.go describeJob, describeCronJob
import type { CronJob, Job } from '#generated/types/batch.v1.ts';
import { humanDuration } from '#kubernetes/apimachinery/duration.ts';
import { selectorOf } from '#kubernetes/apimachinery/labels.ts';
import { parseTime } from '#kubernetes/apimachinery/time.ts';
import { boolText } from './containers.ts';
import { eventsAbout, type Describer } from './describer.ts';
import { controllerOf, longTime, writeEvents, writeLabelsAndAnnotations } from './fields.ts';
import { writePodTemplate } from './podTemplate.ts';

/** Completed indexes are cut at the first comma behind this many characters. */
const indexesShownMax = 50;

function shortIndexes(indexes: string | undefined): string {
  if (!indexes) return '<none>';
  const comma = indexes.indexOf(',', indexesShownMax);
  return comma < 0 ? indexes : `${indexes.slice(0, comma + 1)}...`;
}

export const describeJob: Describer<Job> = {
  group: 'batch',
  kind: 'Job',
  async describe(job, writer, context) {
    const { metadata, spec, status } = job;
    const optional = (title: string, value: string | number | boolean | undefined, unit = '') => {
      if (value !== undefined) writer.line(0, `${title}:\t${value}${unit}`);
    };
    writer.line(0, `Name:\t${metadata.name}`);
    writer.line(0, `Namespace:\t${metadata.namespace}`);
    writer.line(0, `Selector:\t${selectorOf(spec.selector).toString()}`);
    writeLabelsAndAnnotations(writer, metadata);
    optional('Controlled By', controllerOf(metadata));
    optional('Parallelism', spec.parallelism);
    writer.line(0, `Completions:\t${spec.completions ?? '<unset>'}`);
    optional('Completion Mode', spec.completionMode);
    optional('Suspend', spec.suspend);
    optional('Backoff Limit', spec.backoffLimit);
    optional('TTL Seconds After Finished', spec.ttlSecondsAfterFinished);
    if (status.startTime) writer.line(0, `Start Time:\t${longTime(status.startTime)}`);
    if (status.completionTime) writer.line(0, `Completed At:\t${longTime(status.completionTime)}`);
    if (status.startTime && status.completionTime) {
      writer.line(
        0,
        `Duration:\t${humanDuration(parseTime(status.completionTime) - parseTime(status.startTime))}`,
      );
    }
    optional('Active Deadline Seconds', spec.activeDeadlineSeconds, 's');
    const ready = status.ready === undefined ? '' : ` (${status.ready} Ready)`;
    writer.line(
      0,
      `Pods Statuses:\t${status.active ?? 0} Active${ready} / ${status.succeeded ?? 0} Succeeded / ${status.failed ?? 0} Failed`,
    );
    if (spec.completionMode === 'Indexed')
      writer.line(0, `Completed Indexes:\t${shortIndexes(status.completedIndexes)}`);
    writePodTemplate(writer, spec.template);
    if (context.showEvents) writeEvents(writer, await eventsAbout(job, context), context.nowMs);
  },
};

export const describeCronJob: Describer<CronJob> = {
  group: 'batch',
  kind: 'CronJob',
  async describe(cronJob, writer, context) {
    const { metadata, spec, status } = cronJob;
    const { spec: template } = spec.jobTemplate;
    writer.line(0, `Name:\t${metadata.name}`);
    writer.line(0, `Namespace:\t${metadata.namespace}`);
    writeLabelsAndAnnotations(writer, metadata);
    writer.line(0, `Schedule:\t${spec.schedule}`);
    writer.line(0, `Concurrency Policy:\t${spec.concurrencyPolicy ?? ''}`);
    writer.line(0, `Suspend:\t${spec.suspend === undefined ? '<unset>' : boolText(spec.suspend)}`);
    writer.line(0, `Successful Job History Limit:\t${spec.successfulJobsHistoryLimit ?? '<unset>'}`);
    writer.line(0, `Failed Job History Limit:\t${spec.failedJobsHistoryLimit ?? '<unset>'}`);
    const deadline = spec.startingDeadlineSeconds;
    writer.line(0, `Starting Deadline Seconds:\t${deadline === undefined ? '<unset>' : `${deadline}s`}`);
    writer.line(0, `Selector:\t${template?.selector ? selectorOf(template.selector).toString() : '<unset>'}`);
    writer.line(0, `Parallelism:\t${template?.parallelism ?? '<unset>'}`);
    writer.line(0, `Completions:\t${template?.completions ?? '<unset>'}`);
    if (template?.activeDeadlineSeconds !== undefined)
      writer.line(0, `Active Deadline Seconds:\t${template.activeDeadlineSeconds}s`);
    if (template) writePodTemplate(writer, template.template);
    writer.line(
      0,
      `Last Schedule Time:\t${status.lastScheduleTime ? longTime(status.lastScheduleTime) : '<unset>'}`,
    );
    writer.line(0, `Active Jobs:\t${(status.active ?? []).map(({ name }) => name).join(', ') || '<none>'}`);
    if (context.showEvents) writeEvents(writer, await eventsAbout(cronJob, context), context.nowMs);
  },
};
