// Upstream: kubectl/pkg/cmd/util/helpers.go checkErr
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';

/** A failure of kubectl itself; printed as `error: …` unless `prefix` is empty. */
export class CommandError extends Error {
  override name = 'CommandError';
  readonly exitCode: number;
  readonly prefix: string;
  constructor(message: string, exitCode = 1, prefix = 'error: ') {
    super(message);
    this.exitCode = exitCode;
    this.prefix = prefix;
  }
}

/** Several failures, of objects that were handled one by one. */
export class Aggregate extends Error {
  override name = 'Aggregate';
  readonly errors: readonly unknown[];
  constructor(errors: readonly unknown[]) {
    super('several errors');
    this.errors = errors;
  }
}

/** Ends the command with an exit code and nothing printed. */
export class Exit extends Error {
  override name = 'Exit';
  readonly code: number;
  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/** A wrong use of a command, with the pointer to its help. `path` is `kubectl get`. */
export function usageError(path: string, message: string): CommandError {
  return new CommandError(`${message}\nSee '${path} -h' for help and examples`);
}

/** Throws what happened: nothing, the one error, or all of them. */
export function throwAll(errors: readonly unknown[]): void {
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new Aggregate(errors);
}

/** The same failure, saying what was being done to which file; `verb` is `creating`. */
export function withSource(error: unknown, verb: string, source: string): unknown {
  if (source === '') return error;
  const where = `error when ${verb} ${JSON.stringify(source)}: `;
  if (error instanceof StatusError) {
    return new StatusError(error.reason, where + error.message, error.details, error.code);
  }
  return error instanceof CommandError ? new CommandError(where + error.message, error.exitCode) : error;
}

/** What kubectl writes to stderr for a failure, without the newline at the end. */
export function messageOf(error: unknown): string {
  if (error instanceof Aggregate) {
    return error.errors
      .map((one) => (one instanceof StatusError ? plainStatus(one) : messageOf(one)))
      .join('\n');
  }
  if (error instanceof StatusError) return statusMessage(error);
  if (error instanceof CommandError) {
    return error.message.startsWith(error.prefix) ? error.message : error.prefix + error.message;
  }
  throw error;
}

/** A failure inside a sentence of another one. */
export function innerMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function exitCodeOf(error: unknown): number {
  return error instanceof CommandError ? error.exitCode : 1;
}

function statusMessage(error: StatusError): string {
  const { reason, details } = error;
  if (reason === 'Invalid') {
    const { kind = '', name = '' } = details ?? {};
    const named = kind !== '' || name !== '';
    const subject = named ? `The ${kind} ${JSON.stringify(name)} is invalid` : 'The request is invalid';
    const causes = [...new Set((details?.causes ?? []).map((cause) => `${cause.field}: ${cause.message}`))];
    if (causes.length === 0) return named ? subject : `${subject}: ${error.message}`;
    return causes.length === 1
      ? `${subject}: ${causes[0]}`
      : `${subject}: \n${causes.map((cause) => `* ${cause}`).join('\n')}`;
  }
  if (reason === 'Unauthorized') return 'error: You must be logged in to the server (Unauthorized)';
  return plainStatus(error);
}

/** One of several failures, on one line. */
function plainStatus({ reason, message }: StatusError): string {
  return `Error from server${reason === 'Unknown' ? '' : ` (${reason})`}: ${message}`;
}
