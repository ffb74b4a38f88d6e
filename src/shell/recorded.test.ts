import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Workbench } from './workbench.ts';

// What the real bash and the real tools print, recorded in testdata/*.txt as blocks of
// script, `---- exit code`, output. `UPDATE=1` records them anew on a machine that has them.
const hop = () => new Promise<void>((resolve) => setImmediate(resolve));
const testdata = join(dirname(fileURLToPath(import.meta.url)), 'testdata');

interface Recording {
  readonly script: string;
  readonly exitCode: number;
  readonly output: string;
}

function parse(text: string): Recording[] {
  return text
    .split(/^====\n/m)
    .filter((block) => block.trim() !== '')
    .map((block) => {
      const match = /^(.*?)^---- (\d+)\n(.*)$/ms.exec(block);
      if (match === null) return { script: block, exitCode: 0, output: '' };
      return { script: match[1]!, exitCode: Number(match[2]), output: match[3]! };
    });
}

function record(recording: Recording): Recording {
  const directory = mkdtempSync(join(tmpdir(), 'podarium-'));
  try {
    const script = `exec 2>&1\n${recording.script}`;
    const env = { PATH: process.env['PATH'] ?? '', HOME: directory, LC_ALL: 'C.UTF-8', USER: 'learner' };
    writeFileSync(join(directory, '..', 'podarium-script'), script);
    const wrapped = `cd ${directory}; bash -c "$(cat ../podarium-script)" < /dev/null; echo "---- $?"`;
    const all = execFileSync('bash', ['-c', wrapped], { encoding: 'utf8', env });
    const match = /^(.*)---- (\d+)\n$/s.exec(all)!;
    return { script: recording.script, exitCode: Number(match[2]), output: match[1]! };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

for (const file of readdirSync(testdata).filter((name) => name.endsWith('.txt'))) {
  const path = join(testdata, file);
  let recordings = parse(readFileSync(path, 'utf8'));
  if (process.env['UPDATE'] === '1') {
    recordings = recordings.map(record);
    const blocks = recordings.map(({ script, exitCode, output }) => `${script}---- ${exitCode}\n${output}`);
    writeFileSync(path, blocks.join('====\n'));
  }
  test.each(recordings)(`${file} $script`, async ({ script, exitCode, output }) => {
    const result = await new Workbench(hop).run(`exec 2>&1\n${script}`);
    expect(result.stdout).toBe(output);
    expect(result.exitCode).toBe(exitCode);
  });
}
