import { FitAddon } from '@xterm/addon-fit';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { Terminal, type ITheme } from '@xterm/xterm';
import type { Session } from '#ui/store/session.ts';
import { mainTerminal } from '#ui/store/terminalStream.ts';
import { commonStart, complete, emptyLine, press, splitKeys, type LineState } from './lineEditor.ts';
import { columnsOf, loadHistory, saveHistory } from './promptLine.ts';

/** At most this many choices are listed; beyond it a longer beginning is asked for. */
const choicesMax = 120;
const clearScreen = '\u001B[2J\u001B[3J\u001B[H';
/** How long a border must rest before the new size counts. */
const resizeQuietMs = 400;

/**
 * An xterm with a line editor. Output comes as the session prints it; the line that is being typed always stands behind the last of
 * it, is taken away while output is written, and put back.
 */
export class Screen {
  readonly xterm: Terminal;
  readonly #fit = new FitAddon();
  readonly #session: Session;
  #line: LineState = emptyLine(loadHistory());
  /** Cells between the start of the typed line and the cursor, as they are on the screen now. */
  #drawnCursor = 0;
  /** The column where the typed line starts. */
  #startColumn = 0;
  #lastTab = 0;
  #resizing: ReturnType<typeof setTimeout> | undefined;
  /** Whether the typed line is on the screen; writes are queued, so it may not be yet. */
  #drawn = false;
  /** Counts erasures: a drawing that was overtaken by one is left out. */
  #generation = 0;
  /** The last line of the output so far: the prompt, to be shown again under a list. */
  #prompt = '';

  constructor(session: Session, place: HTMLElement, fontSize: number, theme: ITheme) {
    this.#session = session;
    this.xterm = new Terminal({
      fontFamily: "'JetBrains Mono Variable', ui-monospace, monospace",
      fontSize,
      lineHeight: 1.2,
      cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      screenReaderMode: true,
      allowProposedApi: true,
      scrollback: 5000,
      convertEol: true,
      minimumContrastRatio: 4.5,
      theme,
    });
    this.xterm.loadAddon(this.#fit);
    this.xterm.loadAddon(new Unicode11Addon());
    this.xterm.unicode.activeVersion = '11';
    this.xterm.open(place);
    this.xterm.textarea?.setAttribute('aria-label', 'Terminal input');
    this.xterm.onData((data) => this.#typed(data));
    this.xterm.attachCustomKeyEventHandler((event) => this.#passes(event));
    this.fit();
  }

  /** Fits the grid to its place and tells the session its size. */
  fit(): void {
    const { cols, rows } = this.xterm;
    this.#fit.fit();
    if (this.xterm.cols === cols && this.xterm.rows === rows) return;
    clearTimeout(this.#resizing);
    this.#resizing = setTimeout(() => this.tellSize(), resizeQuietMs);
  }

  /** A size is recorded, so it is told when a drag has ended, and again to a session that starts. */
  tellSize(): void {
    const { cols, rows } = this.xterm;
    this.#session.input({ type: 'terminalResize', terminal: mainTerminal, columns: cols, rows });
  }

  output(text: string): void {
    this.#erase();
    this.#prompt = (this.#prompt + text).slice(-1000).replace(/^[\s\S]*\n/u, '');
    this.xterm.write(text);
    this.#draw();
  }

  clear(): void {
    this.#erase();
    this.xterm.write(`${clearScreen}${this.#prompt}`);
    this.#draw();
  }

  /** Empties the screen for another session, which prints its own prompt. */
  restart(): void {
    this.#erase();
    this.#prompt = '';
    this.#line = emptyLine(this.#line.history);
    this.xterm.write('\u001Bc');
    this.#draw();
  }

  /** What stands before the cursor is kept; the line is typed but not sent. */
  type(text: string): void {
    this.#erase();
    this.#line = press(this.#line, text).state;
    this.#draw();
  }

  dispose(): void {
    clearTimeout(this.#resizing);
    this.xterm.dispose();
  }

  #typed(data: string): void {
    for (const key of splitKeys(data)) this.#press(key);
  }

  #press(key: string): void {
    this.#erase();
    const { state, effect } = press(this.#line, key);
    const before = this.#line;
    this.#line = state;
    switch (effect.type) {
      case 'submit':
        this.#send(effect.line);
        break;
      case 'interrupt':
        this.xterm.write(`${before.text}^C`);
        this.#session.input({ type: 'interrupt', terminal: mainTerminal });
        break;
      case 'endOfInput':
        this.#session.input({ type: 'terminalInput', terminal: mainTerminal, text: '\u0004' });
        break;
      case 'complete':
        void this.#complete();
        break;
      case 'clear':
        this.xterm.write(`${clearScreen}${this.#prompt}`);
        break;
      case 'bell':
      case 'none':
        break;
    }
    this.#draw();
  }

  /** The session echoes the line when a process reads it, as it does in a replay. */
  #send(line: string): void {
    saveHistory(this.#line.history);
    this.#session.input({ type: 'terminalInput', terminal: mainTerminal, text: `${line}\n` });
  }

  async #complete(): Promise<void> {
    const { text, cursor } = this.#line;
    const twice = performance.now() - this.#lastTab < 600;
    this.#lastTab = performance.now();
    const answer = await this.#session
      .ask({ type: 'complete', terminal: mainTerminal, line: text, cursor })
      .catch(() => null);
    if (answer === null || text !== this.#line.text || answer.choices.length === 0) return;
    const words = answer.choices.map((choice) => choice.text);
    const start = commonStart(words);
    const typed = text.slice(answer.from, cursor);
    this.#erase();
    if (words.length === 1) {
      const end = /[=/]$/u.test(start) ? '' : ' ';
      this.#line = complete(this.#line, answer.from, start + end);
    } else if (start.length > typed.length) this.#line = complete(this.#line, answer.from, start);
    else if (twice) this.#list(words);
    this.#draw();
  }

  #list(words: readonly string[]): void {
    const shown = words.slice(0, choicesMax);
    const width = Math.max(...shown.map((word) => word.length)) + 2;
    const perRow = Math.max(1, Math.floor(this.xterm.cols / width));
    const lines: string[] = [];
    for (let at = 0; at < shown.length; at += perRow)
      lines.push(
        shown
          .slice(at, at + perRow)
          .map((word) => word.padEnd(width))
          .join('')
          .trimEnd(),
      );
    if (words.length > shown.length) lines.push(`and ${words.length - shown.length} more`);
    this.xterm.write(`${this.#line.text}\r\n${lines.join('\r\n')}\r\n${this.#prompt}`);
  }

  #erase(): void {
    this.#generation += 1;
    if (!this.#drawn) return;
    this.#drawn = false;
    const columns = this.xterm.cols;
    const up = Math.floor((this.#startColumn + this.#drawnCursor) / columns);
    this.xterm.write(`${up > 0 ? `\u001B[${up}A` : ''}\u001B[${this.#startColumn + 1}G\u001B[J`);
    this.#drawnCursor = 0;
  }

  #draw(): void {
    const generation = this.#generation;
    // Writes are queued: only when all before has been written is the column known.
    this.xterm.write('', () => {
      if (generation !== this.#generation) return;
      this.#drawn = true;
      const { text, cursor, search } = this.#line;
      const columns = this.xterm.cols;
      this.#startColumn = this.xterm.buffer.active.cursorX;
      const shown = search === null ? text : `(reverse-i-search)\`${search.text}': ${text}`;
      const typed = Array.from(shown);
      const at = search === null ? cursor : typed.length;
      const width = columnsOf(shown);
      const end = this.#startColumn + width;
      const target = this.#startColumn + columnsOf(typed.slice(0, at).join(''));
      // A line that ends at the edge leaves the cursor there; a space and a return bring it to the next row.
      const wrap = width > 0 && end % columns === 0 ? ' \r' : '';
      const up = Math.floor(end / columns) - Math.floor(target / columns);
      this.#drawnCursor = target - this.#startColumn;
      this.xterm.write(`${shown}${wrap}${up > 0 ? `\u001B[${up}A` : ''}\u001B[${(target % columns) + 1}G`);
    });
  }

  /** Copy and paste with the usual keys; Ctrl-C copies only where something is selected. */
  #passes(event: KeyboardEvent): boolean {
    if (event.type !== 'keydown') return true;
    const key = event.key.toLowerCase();
    const copies = (event.ctrlKey || event.metaKey) && key === 'c' && this.xterm.hasSelection();
    if (copies) {
      void navigator.clipboard.writeText(this.xterm.getSelection()).then(() => this.xterm.clearSelection());
      return false;
    }
    if ((event.ctrlKey && key === 'v') || (event.ctrlKey && event.shiftKey && key === 'c')) return false;
    // Tab completes; Shift-Tab and Escape then Tab leave, so that the keyboard is never caught here.
    return !(event.key === 'Tab' && event.shiftKey);
  }
}
