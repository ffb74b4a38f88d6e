import { Inputs } from './inputs.ts';
import { parseOptions } from './options.ts';
import { pathOf, tool } from './tool.ts';

export const cat = tool(async (process) => {
  const options = parseOptions(process.args, {
    letters: 'nbAETsuvet',
    long: {
      number: 'n',
      'number-nonblank': 'b',
      'show-all': 'A',
      'show-ends': 'E',
      'show-tabs': 'T',
      'squeeze-blank': 's',
    },
  });
  const ends = ['A', 'E', 'e'].some((letter) => options.has(letter));
  const tabs = ['A', 'T', 't'].some((letter) => options.has(letter));
  const inputs = new Inputs(process, options.operands);
  if (!ends && !tabs && !options.has('n') && !options.has('b') && !options.has('s')) {
    for await (const { text } of inputs.pieces()) await process.stdout.write(text);
    return inputs.failed ? 1 : 0;
  }
  let number = 0;
  let blank = false;
  for await (const batch of inputs.lines()) {
    let out = '';
    batch.lines.forEach((line, index) => {
      if (line === '' && blank && options.has('s')) return;
      blank = line === '';
      const counted = options.has('b') ? line !== '' : options.has('n');
      const shown = tabs ? line.replaceAll('\t', '^I') : line;
      const newline = batch.open && index === batch.lines.length - 1 ? '' : ends ? '$\n' : '\n';
      out += `${counted ? `${String(++number).padStart(6)}\t` : ''}${shown}${newline}`;
    });
    await process.stdout.write(out);
  }
  return inputs.failed ? 1 : 0;
});

/** `tac`: the lines in reverse. */
export const tac = tool(async (process) => {
  const inputs = new Inputs(process, parseOptions(process.args, { letters: '' }).operands);
  for await (const { text } of inputs.texts()) {
    await process.stdout.write((text.match(/[^\n]*\n|[^\n]+$/g) ?? []).reverse().join(''));
  }
  return inputs.failed ? 1 : 0;
});

/** `tee [-a] FILE …`. */
export const tee = tool(async (process) => {
  const options = parseOptions(process.args, { letters: 'ai', long: { append: 'a' } });
  const paths = options.operands.map((operand) => pathOf(process, operand));
  if (!options.has('a')) for (const path of paths) process.files.write(path, '');
  for (;;) {
    const text = await process.stdin.read();
    if (text === null) return 0;
    for (const path of paths) process.files.append(path, text);
    await process.stdout.write(text);
  }
});

/** `rev`: each line backwards. */
export const rev = tool(async (process) => {
  const inputs = new Inputs(process, parseOptions(process.args, { letters: '' }).operands);
  for await (const { lines } of inputs.lines()) {
    await process.stdout.write(lines.map((line) => `${line.split('').reverse().join('')}\n`).join(''));
  }
  return inputs.failed ? 1 : 0;
});

/** `nl`: numbers the lines that are not empty. */
export const nl = tool(async (process) => {
  const options = parseOptions(process.args, { letters: 'b:w:s:' });
  const inputs = new Inputs(process, options.operands);
  const width = options.number('w', 6, 'invalid line number field width', 1);
  let number = 0;
  for await (const { lines } of inputs.lines()) {
    const numbered = lines.map((line) => {
      if (line === '' && options.get('b') !== 'a') return `${' '.repeat(width + 1)}\n`;
      return `${String(++number).padStart(width)}${options.get('s') ?? '\t'}${line}\n`;
    });
    await process.stdout.write(numbered.join(''));
  }
  return inputs.failed ? 1 : 0;
});
