import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { manifest } from './manifest.ts';
import type { LearnerPage } from './page.ts';
import { test } from './test.ts';

const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
];

/** What axe finds in a part of the page, in a line each. */
async function found(page: Page, part: string): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).include(part).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.any[0]?.message ?? ''}`),
  );
}

/** Nothing that can be seen stands beyond the right edge, and the page does not scroll sideways. */
async function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const clips = (element: Element | null): boolean =>
      element !== null &&
      element !== document.body &&
      (getComputedStyle(element).overflowX !== 'visible' || clips(element.parentElement));
    const beyond = [...document.querySelectorAll('body *')].filter((element) => {
      const { right, width, height } = element.getBoundingClientRect();
      return width > 1 && height > 1 && right > innerWidth + 1 && !clips(element);
    });
    const wide = document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [];
    return [...wide, ...beyond.map((element) => element.outerHTML.slice(0, 120))];
  });
}

/** A cluster with something running, something failing and the inspector open. */
async function furnish(learner: LearnerPage): Promise<void> {
  await learner.apply(manifest('ml-model-serving.yaml'));
  await learner.run('kubectl create deployment typo --image=ngimx');
  await learner.speed('Ten times as fast');
  await expect(learner.pods('ml-model-serving-', 'running')).toHaveCount(10);
  await expect(learner.pods('typo-', 'failing')).toHaveCount(1);
  // While time stands still, nothing that is looked at changes.
  await learner.page.getByRole('button', { name: 'Pause' }).click();
  await learner.pods('typo-').click();
  await expect(learner.inspector.getByRole('heading', { name: /^typo-/ })).toBeVisible();
}

for (const size of sizes)
  for (const theme of ['dark', 'light'] as const)
    test.describe(`${theme} at ${size.width}×${size.height}`, () => {
      test.use({ viewport: size, colorScheme: theme, contextOptions: { reducedMotion: 'reduce' } });

      test('nothing overflows, and axe finds nothing', async ({ learner }) => {
        test.setTimeout(240_000);
        const { page } = learner;
        await furnish(learner);
        /** The rest of the page is as it was at the look before. */
        const look = async (words: string, part = 'html'): Promise<void> => {
          expect(await overflowing(page), words).toEqual([]);
          expect(await found(page, part), words).toEqual([]);
          await page.screenshot({ path: test.info().outputPath(`${words}.png`) });
        };
        await look('nodes');
        for (const tab of ['Why?', 'Events', 'Logs', 'YAML']) {
          await learner.inspector.getByRole('tab', { name: tab }).click();
          await look(`inspector ${tab.replace('?', '')}`, '[data-panel=inspector]');
        }
        await learner.inspector.getByRole('button', { name: 'Close' }).click();
        for (const view of ['Workloads', 'Network', 'List']) {
          await learner.page.getByRole('radio', { name: view }).click();
          await look(view.toLowerCase(), '[data-panel=graph]');
        }
        for (const action of ['Share this session', 'Lessons and scenarios', 'Keyboard']) {
          await learner.act(action);
          await expect(page.getByRole('dialog')).toBeVisible();
          await look(action.toLowerCase(), '[role=dialog]');
          await page.keyboard.press('Escape');
          await expect(page.getByRole('dialog')).toHaveCount(0);
        }
        await learner.act('Show the legend');
        await learner.act('Presenter mode');
        await look('presenter mode');
      });
    });

for (const size of sizes)
  test.describe(`the keyboard at ${size.width}×${size.height}`, () => {
    test.use({ viewport: size, contextOptions: { reducedMotion: 'reduce' } });

    test('Tab reaches everything that can be pressed', async ({ learner }) => {
      const { page } = learner;
      await furnish(learner);
      await page.getByRole('link', { name: 'Skip to the graph' }).focus();
      const reached = await page.evaluateHandle(() => new Set([document.activeElement]));
      for (let press = 0; press < 120; press += 1) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate((set) => {
          const element = document.activeElement;
          set.add(element);
          if (element?.closest('.monaco-editor')) return 'editor';
          return element?.classList.contains('xterm-helper-textarea') ? 'terminal' : 'elsewhere';
        }, reached);
        // Monaco keeps Tab for itself until it is told to let it go.
        if (at === 'editor') await page.keyboard.press('Control+m');
        if (at === 'terminal') break;
      }
      await expect(learner.terminal.locator('.xterm-helper-textarea')).toBeFocused();
      const missed = await page.evaluate((set) => {
        const pressable =
          'button, a[href], input, select, textarea, summary, [tabindex="0"], [contenteditable=true]';
        return (
          [...document.querySelectorAll<HTMLElement>(pressable)]
            .filter(
              (element) => element.tabIndex >= 0 && element.checkVisibility({ visibilityProperty: true }),
            )
            .filter((element) => !element.matches(':disabled') && !set.has(element))
            // A list of tabs hands the focus on to the tab that is open.
            .filter((element) => !element.closest('.monaco-editor, .xterm') && element.role !== 'tablist')
            .map((element) => element.outerHTML.slice(0, 160))
        );
      }, reached);
      expect(missed).toEqual([]);
      await page.keyboard.press('Shift+Tab');
      await expect(learner.terminal.locator('.xterm-helper-textarea')).not.toBeFocused();
    });

    test('the arrow keys reach everything in the graph', async ({ learner }) => {
      const { page } = learner;
      await furnish(learner);
      const items = learner.graph.locator('[data-graph-item]');
      const names = await items.evaluateAll((elements) => elements.map((element) => element.ariaLabel ?? ''));
      // From each that was reached, each arrow is tried.
      const reached = await items.evaluateAll((elements) => [
        elements.findIndex((element) => (element as HTMLElement).tabIndex === 0),
      ]);
      for (const at of reached)
        for (const key of ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp']) {
          await items.nth(at).focus();
          await page.keyboard.press(key);
          const next = await items.evaluateAll((elements) =>
            elements.findIndex((element) => element === document.activeElement),
          );
          if (!reached.includes(next)) reached.push(next);
        }
      expect(names.filter((_name, at) => !reached.includes(at))).toEqual([]);
      await learner.graph.locator('[data-graph-item="nodes/node-1"]').focus();
      await page.keyboard.press('Enter');
      await expect(learner.inspector.getByRole('heading', { name: /^node-1/ })).toBeVisible();
    });
  });
