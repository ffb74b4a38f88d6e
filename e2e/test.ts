import { expect, test as base, type Page } from '@playwright/test';
import { LearnerPage } from './page.ts';

/** What no page may do, whatever a test is about. */
export function watchForFaults(page: Page): string[] {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // A breach of the content security policy is printed as an error too.
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (!['data:', 'blob:'].includes(protocol) && hostname !== 'localhost')
      faults.push(`request to ${request.url()}`);
  });
  return faults;
}

/** A test with the page open; it fails when the page prints an error or leaves its own host. */
export const test = base.extend<{ learner: LearnerPage }>({
  learner: async ({ page }, use) => {
    const faults = watchForFaults(page);
    await use(await LearnerPage.open(page));
    expect(faults).toEqual([]);
  },
});
