import type { Container } from '#generated/types/core.v1.ts';
import type { FileSystem } from '#world/machine/fileSystem.ts';
import type { ContainerLog } from './containerLog.ts';

/** Upstream: MaxContainerTerminationMessageLength and its two siblings for logs. */
const terminationMessageMax = 4_096;
const terminationLogMax = 2_048;
const terminationLinesMax = 80;

/** What the container left to say: its termination log, or the end of its log where the spec asks for that. */
export function terminationMessage(
  spec: Container,
  exitCode: number,
  log: ContainerLog,
  files: FileSystem,
): string {
  const path = spec.terminationMessagePath ?? '/dev/termination-log';
  const written = files.status(path)?.type === 'file' ? files.read(path) : '';
  if (written !== '') return written.slice(0, terminationMessageMax);
  if (spec.terminationMessagePolicy !== 'FallbackToLogsOnError' || exitCode === 0) return '';
  const lines = log.entries().slice(-terminationLinesMax);
  return lines
    .map(({ text }) => text)
    .join('')
    .slice(-terminationLogMax);
}
