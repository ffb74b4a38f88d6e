/** One act of a transcript and what it printed. */
export interface Block {
  /** Comment and blank lines before the act, kept as they are. */
  readonly comments: readonly string[];
  /** A command line, or a directive with its arguments: `@wait 30s`; more lines follow it as they were written. */
  readonly act: string;
  /** Where what is printed comes from, as the rule below the act says: `---- pkg/printers/…`. */
  readonly source?: string;
  readonly output: string;
}

const rule = '----';
const ruled = /^----(?: (\S.*))?$/;

/**
 * Reads a transcript: an act, `----` and where its answer comes from, what it prints up to a blank line. Output that holds blank lines stands
 * between two doubled rules. Lines that begin with `#` before an act are comments.
 */
export function parseTranscript(text: string): readonly Block[] {
  const lines = text.split('\n');
  const blocks: Block[] = [];
  let at = 0;
  const until = (end: () => boolean): string[] => {
    const from = at;
    while (at < lines.length && !end()) at++;
    return lines.slice(from, at);
  };
  for (;;) {
    const comments = until(() => lines[at] !== '' && !lines[at]!.startsWith('#'));
    if (at >= lines.length) return blocks;
    const act = until(() => ruled.test(lines[at]!)).join('\n');
    const [, source] = ruled.exec(lines[at++] ?? '') ?? [];
    const said = { comments, act, ...(source !== undefined && { source }) };
    if (lines[at] === rule) {
      at++;
      const output = until(() => lines[at] === rule && lines[at + 1] === rule);
      at += 2;
      blocks.push({ ...said, output: output.join('\n') });
    } else {
      blocks.push({ ...said, output: until(() => lines[at] === '').join('\n') });
    }
  }
}

/** Writes a transcript as `parseTranscript` reads it. */
export function printTranscript(blocks: readonly Block[]): string {
  return blocks
    .map(({ comments, act, source, output }) => {
      const doubled = /^\n|\n\n|\n$/.test(output) || output.startsWith(rule);
      const first = source === undefined ? rule : `${rule} ${source}`;
      const fence = doubled ? [first, rule, output, rule, rule] : [first, ...(output === '' ? [] : [output])];
      return [...comments, act, ...fence, ''].join('\n');
    })
    .join('');
}

/**
 * Output as it is compared: seconds, and names, hashes and addresses that chance or a pod template's hash decides
 * count as equal, so that a transcript says what happens and not which letters were drawn. Rows that such a name
 * had put in their order are compared in any order.
 */
export function comparable(text: string): string {
  const masked = text
    .replaceAll(/\b10\.(\d+\.){2}\d+\b */g, 'ADDRESS ')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UID')
    .replaceAll(/-[bcdf0-9]{6,10}(-[bcdfghjklmnpqrstvwxz2456789]{5})?\b */g, '-HASH ')
    .replaceAll(/-[bcdfghjklmnpqrstvwxz2456789]{5}\b */g, '-NAME ')
    .replaceAll(/\b(\d+m)?\d+(\.\d+)?m?s\b */g, 'SECONDS ')
    .replaceAll(/\b\d\d:\d\d:\d\d\b/g, 'TIME')
    .replaceAll(/resourceVersion: "\d+"/g, 'resourceVersion: "N"')
    .replaceAll(/Resource Version: +\d+/g, 'Resource Version: N')
    .replaceAll(/\bpod-template-hash=\w+/g, 'pod-template-hash=HASH')
    .replaceAll(/ +$/gm, '');
  return masked.replaceAll(/(.*-(HASH|NAME) .*\n){2,}/g, (rows) =>
    rows
      .split('\n')
      .slice(0, -1)
      .sort()
      .map((row) => `${row}\n`)
      .join(''),
  );
}
