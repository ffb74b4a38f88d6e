import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { expect, test } from '@playwright/test';
import { LearnerPage } from './page.ts';
import { watchForFaults } from './test.ts';

const folder = new URL('../dist/', import.meta.url);
const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const below = '/x/y/';

/** The built files, as any web server would give them out below a path; nothing else is there. */
function serveBelow(): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const name = pathname === below ? 'index.html' : pathname.slice(below.length);
    void (pathname.startsWith(below) ? readFile(new URL(name, folder)) : Promise.reject(new Error())).then(
      (body) => {
        response.writeHead(200, { 'content-type': types[extname(name)] ?? 'application/octet-stream' });
        response.end(body);
      },
      () => response.writeHead(404).end(),
    );
  });
  return new Promise((resolve) => server.listen(0, 'localhost', () => resolve(server)));
}

test('the built files work below a path, and ask for nothing else', async ({ page }) => {
  const server = await serveBelow();
  try {
    const { port } = server.address() as AddressInfo;
    const faults = watchForFaults(page);
    page.on('response', (response) => {
      if (response.status() >= 400) faults.push(`${response.status()} for ${response.url()}`);
    });
    page.on('request', (request) => {
      const { protocol, origin, pathname } = new URL(request.url());
      const ours = origin === `http://localhost:${port}` && pathname.startsWith(below);
      if (!ours && protocol !== 'data:' && protocol !== 'blob:') faults.push(`request to ${request.url()}`);
    });
    const learner = await LearnerPage.open(page, `http://localhost:${port}${below}`);
    const policy = page.locator('meta[http-equiv=Content-Security-Policy]');
    expect(await policy.getAttribute('content')).toContain("default-src 'none'");

    // Everything that is loaded late: programs, Monaco with its workers, lessons, dialogs, charts.
    expect(await learner.run('kubectl create deployment web --image=nginx')).toBe(
      'deployment.apps/web created\n',
    );
    await learner.write('apiVersion: v1\nkind: ConfigMap\n');
    await expect(learner.editor.getByRole('status', { name: 'Problems' })).not.toBeEmpty();
    await page.getByRole('button', { name: 'Charts' }).click();
    for (const action of ['Share this session', 'Keyboard']) {
      await learner.act(action);
      await expect(page.getByRole('dialog')).toBeVisible();
      await page.keyboard.press('Escape');
    }
    await learner.act('Lessons and scenarios');
    await page.getByRole('button', { name: 'Start Desired state' }).click();
    await page.getByRole('button', { name: 'Start it' }).click();
    await learner.ready();
    await expect(learner.lesson).toContainText('Say what should be');
    expect(faults).toEqual([]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
