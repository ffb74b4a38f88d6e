/** Ends a command with `Error: …` and 1. */
export class Failure extends Error {
  override name = 'Failure';
}
