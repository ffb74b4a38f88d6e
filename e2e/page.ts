import { expect, type Locator, type Page } from '@playwright/test';
import type { Recipe } from '../src/classroom/recipe.ts';
import { tapWorker } from './workerTap.ts';

const prompt = /(^|\n)learner@workstation:\S*\$ $/;
const escapes = new RegExp(`${String.fromCharCode(27)}(\\[[0-9;?]*[A-Za-z]|\\][^\\u0007]*\\u0007)`, 'g');

/** The page as a learner uses it: what is typed, clicked and read. */
export class LearnerPage {
  readonly page: Page;
  readonly terminal: Locator;
  readonly inspector: Locator;
  readonly lesson: Locator;
  readonly editor: Locator;
  readonly graph: Locator;

  constructor(page: Page) {
    this.page = page;
    const panel = (name: string): Locator => page.getByRole('region', { name, exact: true });
    this.terminal = panel('Terminal');
    this.inspector = panel('Inspector');
    this.lesson = panel('Lesson');
    this.editor = panel('Editor');
    this.graph = page.locator('#graph');
  }

  /** Opens the page and waits until its cluster can be used. */
  static async open(page: Page, address = './'): Promise<LearnerPage> {
    await tapWorker(page);
    const learner = new LearnerPage(page);
    await page.goto(address);
    await learner.ready();
    return learner;
  }

  /** Waits for all nodes to be Ready and for the terminal's prompt to be on the screen. */
  async ready(): Promise<void> {
    await expect(this.page.getByTitle('Nodes that are Ready')).toHaveText(/^([1-9]\d*)\/\1/);
    await expect(this.terminal.locator('.xterm-rows')).toContainText(/learner@workstation:\S*\$/);
  }

  /** One of the speeds on the top bar, in its own words. */
  async speed(
    label: 'As fast as real time' | 'Ten times as fast' | 'A minute a second' | 'As fast as it can',
  ) {
    const choice = this.page.getByRole('radio', { name: label });
    await choice.click();
    await expect(choice).toBeChecked();
  }

  /** All that the terminal has printed in this session, without colours. */
  async printed(): Promise<string> {
    const text = await this.page.evaluate(() => window.workerTap.output);
    return text.replaceAll(escapes, '').replaceAll('\r', '');
  }

  /** Types at the prompt, key by key, and sends the line. */
  async type(line: string): Promise<void> {
    await this.terminal.locator('.xterm-helper-textarea').focus();
    await this.page.keyboard.type(line);
    await this.page.keyboard.press('Enter');
  }

  /** Runs a command line and returns what it printed when the prompt is back. */
  async run(line: string, timeoutMs = 20_000): Promise<string> {
    await this.prompted();
    const from = (await this.printed()).length;
    await this.type(line);
    return this.printedSince(from, timeoutMs);
  }

  /** What was printed after `from` characters: without the line that was typed, and up to the next prompt. */
  async printedSince(from: number, timeoutMs = 20_000): Promise<string> {
    let text = '';
    await expect
      .poll(
        async () => {
          text = (await this.printed()).slice(from);
          return text.includes('\n') && prompt.test(text);
        },
        { timeout: timeoutMs, message: 'the prompt comes back' },
      )
      .toBe(true);
    return text.slice(text.indexOf('\n') + 1).replace(prompt, '$1');
  }

  /** Waits until the shell reads the next line. */
  async prompted(timeoutMs = 20_000): Promise<void> {
    await expect
      .poll(async () => prompt.test(await this.printed()), {
        timeout: timeoutMs,
        message: 'the shell is at its prompt',
      })
      .toBe(true);
  }

  /** Ctrl-C, and the prompt that must come after it. */
  async interrupt(): Promise<void> {
    await this.terminal.locator('.xterm-helper-textarea').focus();
    await this.page.keyboard.press('Control+c');
    await this.prompted();
  }

  /** Pastes over the text of the open file. Monaco comes when the page is idle; it is waited for. */
  async write(text: string): Promise<void> {
    const input = this.editor.locator('.monaco-editor .native-edit-context');
    await input.focus();
    await this.page.keyboard.press('Control+a');
    await input.evaluate((element, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  }

  /** Writes a manifest into the editor, applies it with Ctrl-Enter, and returns what kubectl printed. */
  async apply(text: string, timeoutMs = 20_000): Promise<string> {
    await this.write(text);
    await this.prompted();
    const from = (await this.printed()).length;
    await this.page.keyboard.press('Control+Enter');
    return this.printedSince(from, timeoutMs);
  }

  /** Pods on the graph whose names begin so, of the default namespace. */
  pods(name: string, health?: 'running' | 'pending' | 'succeeded' | 'failing' | 'terminating'): Locator {
    const wanted = health === undefined ? '' : `[data-health=${health}]`;
    return this.graph.locator(`[data-graph-item^="pods/default/${name}"]${wanted}`);
  }

  /** The names of pods on the graph. */
  async podNames(name: string): Promise<string[]> {
    const ids = await this.pods(name).evaluateAll((items) =>
      items.map((item) => item.getAttribute('data-graph-item') ?? ''),
    );
    return ids.map((id) => id.slice('pods/default/'.length));
  }

  /** Clicks something in the graph, and presses one of the inspector's buttons. */
  async breakIt(
    rowId: string,
    button: 'Kill' | 'Slow down' | 'Stop node' | 'Start node' | 'Stop' | 'Start',
  ): Promise<void> {
    await this.graph.locator(`[data-graph-item="${rowId}"]`).click();
    await this.inspector.getByRole('button', { name: button, exact: true }).click();
  }

  /** The digest of the whole cluster's state. */
  async hash(): Promise<string> {
    const ask = () => window.workerTap.ask((id) => ({ type: 'query', id, query: { type: 'hash' } }));
    return (await this.page.evaluate(ask)) as string;
  }

  async recipe(): Promise<Recipe> {
    const ask = () => window.workerTap.ask((id) => ({ type: 'query', id, query: { type: 'recipe' } }));
    return (await this.page.evaluate(ask)) as Recipe;
  }

  /** A ping through the page to the worker and back. Resolves only when it is answered. */
  async ping(): Promise<void> {
    await this.page.evaluate(() => window.workerTap.ask((id) => ({ type: 'ping', id })));
  }

  /** Chooses an action of the palette by its name. */
  async act(action: string): Promise<void> {
    await this.page.keyboard.press('Control+k');
    await this.page.getByPlaceholder('Do something, or go to something …').fill(action);
    await this.page.getByRole('option', { name: action }).first().click();
  }
}
