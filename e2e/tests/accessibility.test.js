// What axe-core can find against WCAG 2.2 AA, in every look of the page.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { assertAccessible } from '../accessible.js';
import { counterShows, launch, openPage, windows } from '../browser.js';
import { startServer } from '../server.js';

describe('accessibility', () => {
  let server, browser;
  before(async () => {
    server = await startServer();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  for (const [name, viewport] of Object.entries(windows)) {
    test(`axe finds nothing on a ${name}`, async () => {
      const page = await openPage(browser, { viewport });
      await page.goto(server.origin);
      await counterShows(page, '\\d+');
      await assertAccessible(page);
      await page.context().close();
    });
  }

  test('axe finds nothing on the page for dead links', async () => {
    const page = await openPage(browser);
    await page.goto(`${server.origin}/nowhere`);
    await assertAccessible(page);
    await page.context().close();
  });

  test('the first tab stop skips to the content', async () => {
    const page = await openPage(browser);
    await page.goto(server.origin);
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: 'Skip to the résumé' });
    const box = await skip.boundingBox();
    assert.ok(box.y >= 0, 'it comes into view');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    const inMain = await page.evaluate(() => document.activeElement.closest('main') !== null);
    assert.ok(inMain);
    await page.context().close();
  });

  test('headings go down one level at a time', async () => {
    const page = await openPage(browser);
    await page.goto(server.origin);
    const levels = await page.$$eval('h1, h2, h3, h4, h5, h6', (all) =>
      all.map((heading) => Number(heading.tagName[1])),
    );
    assert.equal(levels.filter((level) => level === 1).length, 1);
    levels.reduce((before, level) => {
      assert.ok(level <= before + 1, levels.join(' '));
      return level;
    }, 0);
    await page.context().close();
  });
});
