/** `break` or `continue`, on its way to the loop it is for. */
export class LoopJump extends Error {
  readonly kind: 'break' | 'continue';
  levels: number;
  constructor(kind: 'break' | 'continue', levels: number) {
    super(kind);
    this.kind = kind;
    this.levels = levels;
  }
}

/** `return`, on its way to the function or sourced file. */
export class Return extends Error {
  readonly status: number;
  constructor(status: number) {
    super('return');
    this.status = status;
  }
}

/** `exit`, or `set -e`, on its way to the end of the shell. */
export class Exit extends Error {
  readonly status: number;
  constructor(status: number) {
    super('exit');
    this.status = status;
  }
}

/** Ctrl-C at an interactive shell: back to the prompt. */
export class Interrupted extends Error {}

/** An error that ends a script, and a line typed at a prompt; it is printed with the shell's name before it. */
export class ShellError extends Error {
  readonly status: number;
  /** Where it happened, once known: what unwinds forgets it. */
  place: { readonly source: string; readonly position: number } | null = null;
  constructor(message: string, status = 1) {
    super(message);
    this.status = status;
  }
}

/** An error that fails one command only, such as a redirection that cannot be opened. */
export class CommandError extends ShellError {}
