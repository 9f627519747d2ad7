// The visitor counter, as a visitor sees it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { counterShows, holdTimeouts, launchAsVisitor, openPage, runOut, visitor } from '../browser.js';
import { startServer } from '../server.js';

describe('the counter', () => {
  let server, browser;
  before(async () => {
    server = await startServer();
    browser = await launchAsVisitor();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  // Opens the page with every API call answered by `answer`.
  async function openWithApi(answer, prepare = () => {}) {
    const page = await openPage(browser, visitor);
    await prepare(page);
    await page.route('**/counter?*', answer);
    await page.goto(server.origin);
    return page;
  }

  async function assertIntact(page) {
    assert.equal(await page.locator('h1').innerText(), 'Maren Okonjo');
    assert.equal(await page.locator('section[id]').count(), 11);
    assert.deepEqual(page.seen.errors, []);
  }

  test('shows 1 on the first view, 2 on the second, and asks once a view', async () => {
    const page = await openPage(browser, visitor);
    await page.goto(server.origin);
    await counterShows(page, '1');
    await page.reload();
    await counterShows(page, '2');

    const calls = page.seen.requests.filter((url) => new URL(url).pathname === '/counter');
    const asked = `${server.origin}/counter?path=${encodeURIComponent(new URL(server.origin).host + '/')}`;
    assert.deepEqual(calls, [asked, asked]);
    assert.deepEqual(page.seen.console, []);
    await page.context().close();
  });

  test('counts a browser once a day where the page says so', async () => {
    const page = await openPage(browser, visitor);
    const path = '/?daily';
    await page.route(`**${path}`, async (route) => {
      const answer = await route.fetch();
      const body = (await answer.text()).replace(/<output id="?counter"?/, '$& data-counts="daily"');
      await route.fulfill({ response: answer, body });
    });
    const before = await server.count();
    for (let load = 0; load < 10; load += 1) {
      await page.goto(server.origin + path);
      await counterShows(page, String(before + 1));
    }
    assert.equal(await server.count(), before + 1);

    const other = await openPage(browser, visitor);
    await other.goto(server.origin);
    await counterShows(other, String(before + 2));
    await Promise.all([page.context().close(), other.context().close()]);
  });

  test('waits with an ellipsis and writes large numbers as the language does', async () => {
    let answer;
    const asked = new Promise((resolve) => (answer = resolve));
    const page = await openWithApi(async (route) => {
      await asked;
      await route.fulfill({ json: { count: 1234567 } });
    });
    await counterShows(page, '…');
    answer();
    await counterShows(page, '1,234,567');
    await page.context().close();
  });

  test('is announced to screen readers under its name', async () => {
    const page = await openPage(browser, visitor);
    await page.goto(server.origin);
    await page.getByRole('status', { name: 'Views of this page' }).waitFor();
    await page.context().close();
  });

  const failures = {
    'the API cannot be reached': (route) => route.abort('connectionrefused'),
    'the API has no store': (route) => route.fulfill({ status: 503, json: { message: 'Later.' } }),
    'the API answers something else': (route) => route.fulfill({ body: '<html>' }),
  };
  for (const [what, answer] of Object.entries(failures)) {
    test(`shows a dash when ${what}`, async () => {
      const page = await openWithApi(answer);
      await counterShows(page, '–');
      await assertIntact(page);
      // The browser notes a failed request by itself; the page adds nothing.
      const ours = page.seen.console.filter((line) => !line.includes('Failed to load resource'));
      assert.deepEqual(ours, []);
      await page.context().close();
    });
  }

  test('shows a dash when the API has not answered in 5 seconds', async () => {
    const page = await openWithApi(() => {}, holdTimeouts);
    await counterShows(page, '…');
    assert.deepEqual(await runOut(page), [5_000]);
    await counterShows(page, '–');
    await assertIntact(page);
    assert.deepEqual(page.seen.console, []);
    await page.context().close();
  });
});
