// Upstream: github.com/mitchellh/go-wordwrap

/** Breaks lines between words before they pass `columns`; spaces inside a line stay, a word too long stands alone. */
export function wrapWords(text: string, columns: number): string {
  return text
    .split('\n')
    .map((line) => {
      let out = '';
      let column = 0;
      for (const [, space = '', word = ''] of line.matchAll(/(\s*)(\S+)/g)) {
        if (column + space.length + word.length > columns && column > 0) {
          out += `\n${word}`;
          column = word.length;
        } else {
          out += space + word;
          column += space.length + word.length;
        }
      }
      return out;
    })
    .join('\n');
}
