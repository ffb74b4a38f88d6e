/**
 * The line of the file that an error is about. A parser's error names a line of its own document, counted from 1, which begins at
 * `documentLine` of the file.
 */
export function lineOfError(documentLine: number, error: string): number {
  const named = /\byaml: line (\d+)/u.exec(error)?.[1];
  return named === undefined ? documentLine : documentLine + Number(named) - 1;
}
