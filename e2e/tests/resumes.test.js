// Résumés in four scripts and one that is wrong in many ways, in every look,
// and without WebAssembly.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { launch, openPage } from '../browser.js';
import { LOOKS, RESUMES, buildResume } from '../resumes.js';
import { startStatic } from '../static.js';

const WIDTHS = [320, 390, 768, 1280];

describe('any résumé', () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  for (const name of RESUMES) {
    for (const look of LOOKS) {
      describe(`${name}, ${look}`, () => {
        let built, server;
        before(async () => {
          built = await buildResume(name, { theme: look });
          server = await startStatic(built.folder);
        });
        after(async () => {
          await server?.stop();
          await built?.remove();
        });

        test('fits every window without scrolling sideways', async () => {
          const page = await openPage(browser);
          await page.goto(server.origin);
          for (const width of WIDTHS) {
            await page.setViewportSize({ width, height: 900 });
            assert.equal(await page.evaluate(overflow), 0, `${width} px`);
          }
          await page.context().close();
        });
      });
    }
  }

  test('shows its picture under its own policy, whatever the name of the file', async () => {
    const built = await buildResume('career');
    const server = await startStatic(built.folder);
    const page = await openPage(browser);
    await page.goto(server.origin);
    const width = await page.locator('.portrait').evaluate(async (image) => {
      await image.decode();
      return image.naturalWidth;
    });
    assert.ok(width > 0);
    assert.deepEqual(page.seen.violations, []);
    await page.context().close();
    await server.stop();
    await built.remove();
  });

  test('hides the counter without WebAssembly, and the other pages say why', async () => {
    const built = await buildResume('career');
    const server = await startStatic(built.folder);
    const page = await openPage(browser);
    await page.addInitScript(() => delete globalThis.WebAssembly);
    await page.goto(server.origin);
    await page.waitForLoadState('networkidle');
    assert.equal(await page.locator('#counter').isVisible(), false);
    for (const folder of ['jobs', 'dashboard']) {
      await page.goto(`${server.origin}/${folder}/`);
      await page.getByText('Lockdown Mode').waitFor();
      assert.equal(await page.getByText('Loading').filter({ visible: true }).count(), 0);
    }
    assert.deepEqual(page.seen.errors, []);
    await page.context().close();
    await server.stop();
    await built.remove();
  });

  test('offers a PDF and JSON, and reports each download', async () => {
    const built = await buildResume('han', {}, '--pdf');
    const server = await startStatic(built.folder);
    const page = await openPage(browser);
    const reported = [];
    await page.route('**/visits', (route) => {
      reported.push(route.request().postDataJSON().propertyId);
      return route.fulfill({ status: 201, json: {} });
    });
    await page.route('**/counter?*', (route) => route.fulfill({ json: { count: 1 } }));
    await page.goto(server.origin);
    await page.locator('#counter', { hasText: '1' }).waitFor();
    const host = new URL(server.origin).host;
    for (const [link, file] of [['PDF', '陈示例.pdf'], ['JSON', '陈示例.json']]) {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: link, exact: true }).click(),
      ]);
      assert.equal(download.suggestedFilename(), file);
    }
    assert.deepEqual(reported, [`${host}/`, `${host}/resume.pdf`, `${host}/resume.json`]);
    const alternates = await page.$$eval('link[rel=alternate]', (links) => links.map(({ type, href }) => [type, href]));
    assert.deepEqual(alternates, [
      ['application/pdf', `${server.origin}/resume.pdf`],
      ['application/json', `${server.origin}/resume.json`],
    ]);
    await page.context().close();
    await server.stop();
    await built.remove();
  });
});

function overflow() {
  return document.documentElement.scrollWidth - document.documentElement.clientWidth;
}
