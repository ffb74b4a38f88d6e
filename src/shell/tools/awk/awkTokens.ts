import { ToolError } from '../tool.ts';
import type { AwkToken } from './awkLexer.ts';

/** Walks over an awk program's tokens. */
export class AwkTokens {
  protected readonly tokens: readonly AwkToken[];
  protected at = 0;

  constructor(tokens: readonly AwkToken[]) {
    this.tokens = tokens;
  }

  protected get token(): AwkToken {
    return this.tokens[this.at]!;
  }

  protected is(text: string): boolean {
    const { type, text: own } = this.token;
    return own === text && (type === 'operator' || type === 'keyword');
  }

  protected takes(text: string): boolean {
    if (!this.is(text)) return false;
    this.at++;
    return true;
  }

  protected need(text: string): void {
    if (!this.takes(text)) throw this.unexpected();
  }

  protected unexpected(): ToolError {
    const { type, text, line } = this.token;
    const shown = type === 'end' ? 'end of file' : type === 'newline' ? 'unexpected newline' : text;
    return new ToolError(`line ${line}: syntax error at or near ${shown}`, 2);
  }

  protected skipNewlines(): void {
    while (this.token.type === 'newline') this.at++;
  }

  protected skipEnds(): void {
    while (this.token.type === 'newline' || this.is(';')) this.at++;
  }
}
