import type { Child } from '#world/machine/program.ts';

/** A command in the background. */
export interface Job {
  readonly number: number;
  readonly child: Child;
  readonly text: string;
  /** True once its end was shown. */
  reported: boolean;
}

const deaths: Readonly<Record<string, string>> = {
  HUP: 'Hangup',
  INT: 'Interrupt',
  QUIT: 'Quit',
  KILL: 'Killed',
  USR1: 'User defined signal 1',
  USR2: 'User defined signal 2',
  PIPE: 'Broken pipe',
  TERM: 'Terminated',
};

/** The commands a shell runs in the background. */
export class Jobs {
  #jobs: Job[] = [];
  /** `$!`: the process started last; 0 when none was. */
  last = 0;

  add(child: Child, text: string): Job {
    const number = Math.max(0, ...this.#jobs.map((job) => job.number)) + 1;
    const job = { number, child, text, reported: false };
    this.#jobs.push(job);
    this.last = child.id;
    return job;
  }

  all(): readonly Job[] {
    return this.#jobs;
  }

  remove(job: Job): void {
    this.#jobs = this.#jobs.filter((other) => other !== job);
  }

  /** `%1`, `%%`, `%+`, `%-`, `%name`, or a process id. */
  find(name: string): Job | undefined {
    if (!name.startsWith('%')) return this.#jobs.find((job) => job.child.id === Number(name));
    const rest = name.slice(1);
    if (rest === '' || rest === '%' || rest === '+') return this.#jobs.at(-1);
    if (rest === '-') return this.#jobs.at(-2);
    if (/^\d+$/.test(rest)) return this.#jobs.find((job) => job.number === Number(rest));
    return this.#jobs.find((job) => job.text.startsWith(rest));
  }

  /** The line that `jobs` shows for it. */
  line(job: Job): string {
    const mark = job === this.#jobs.at(-1) ? '+' : job === this.#jobs.at(-2) ? '-' : ' ';
    const running = job.child.exitCode === null;
    return `[${job.number}]${mark}  ${stateOf(job.child).padEnd(24)}${job.text}${running ? ' &' : ''}\n`;
  }

  /** Lines for the jobs that have ended since the last time, which are then forgotten. */
  report(): string {
    const ended = this.#jobs.filter((job) => job.child.exitCode !== null);
    const lines = ended.filter((job) => !job.reported).map((job) => this.line(job));
    for (const job of ended) this.remove(job);
    return lines.join('');
  }
}

function stateOf(child: Child): string {
  if (child.exitCode === null) return 'Running';
  if (child.killedBy !== null) return deaths[child.killedBy] ?? 'Terminated';
  return child.exitCode === 0 ? 'Done' : `Exit ${child.exitCode}`;
}
