/** What ends a command. Upstream: cmd/kubeadm/app/util/error.go */
export class Failure extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

const preflightExitCode = 2;

/** A check before anything is done; `lines` are printed above the error. Upstream: cmd/kubeadm/app/preflight */
export class PreflightFailure extends Failure {
  readonly lines: string;
  constructor(phase: string, problems: readonly (readonly [check: string, why: string])[]) {
    super(`error execution phase ${phase}: preflight checks failed`, preflightExitCode);
    this.lines = [
      '[preflight] Some fatal errors occurred:',
      ...problems.map(([check, why]) => `\t[ERROR ${check}]: ${why}`),
      '[preflight] If you know what you are doing, you can make a check non-fatal with `--ignore-preflight-errors=...`',
      '',
    ].join('\n');
  }
}
