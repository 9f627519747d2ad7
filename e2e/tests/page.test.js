// The page itself: readable without scripts, quick, light, and closed to
// everything that is not its own.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';

import { counterShows, launch, openPage, windows } from '../browser.js';
import { startServer } from '../server.js';

const PAGE_BYTES = 100_000;
const WASM_BYTES = 70_000;

describe('the page', () => {
  let server, browser;
  before(async () => {
    server = await startServer();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  test('reads completely without scripts', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(server.origin);
    const shown = (await page.locator('body').innerText()).replaceAll(/\s+/g, ' ');
    const source = new URL('../../site/resume.json', import.meta.url);
    for (const words of wordsOf(JSON.parse(await readFile(source, 'utf8')))) {
      assert.ok(shown.includes(words), `missing: ${words}`);
    }
    assert.equal(await page.locator('.visits').isVisible(), false);
    await context.close();
  });

  test('is painted before its program arrives', async () => {
    let release;
    const held = new Promise((resolve) => (release = resolve));
    const page = await openPage(browser);
    await page.route('**/*.wasm', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(server.origin, { waitUntil: 'commit' });
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length);
    assert.ok(await page.locator('h1').isVisible());
    assert.equal(await page.locator('.visits').isVisible(), false);
    release();
    await counterShows(page, '\\d+');
    await page.context().close();
  });

  test('loads nothing from elsewhere and writes nothing to the console', async () => {
    const page = await openPage(browser);
    await page.goto(server.origin);
    await counterShows(page, '\\d+');
    await page.waitForLoadState('networkidle');
    const strangers = page.seen.requests.filter((url) => new URL(url).origin !== server.origin);
    assert.deepEqual(strangers, []);
    assert.deepEqual(page.seen.console, []);
    assert.deepEqual(page.seen.errors, []);
    await page.context().close();
  });

  test('keeps a policy that stops scripts which are not its own', async () => {
    const page = await openPage(browser);
    await page.goto(server.origin);
    await counterShows(page, '\\d+');
    assert.deepEqual(page.seen.violations, []);
    const policy = await page
      .locator('meta[http-equiv=Content-Security-Policy]')
      .getAttribute('content');
    assert.match(policy, /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; /);
    assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval'.*'unsafe-eval'|\*/);

    const ran = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.intruder = true';
      document.body.append(script);
      return Boolean(window.intruder);
    });
    assert.equal(ran, false);
    await page.waitForFunction(() => true);
    assert.deepEqual(page.seen.violations, ['script-src-elem']);
    await page.context().close();
  });

  test('weighs little', async (context) => {
    const page = await openPage(browser);
    const sizes = new Map();
    page.on('requestfinished', async (request) => {
      sizes.set(new URL(request.url()).pathname, request.sizes().then((size) => size.responseBodySize));
    });
    await page.goto(server.origin);
    await counterShows(page, '\\d+');
    await page.waitForLoadState('networkidle');
    let total = 0;
    let wasm = 0;
    for (const [name, pending] of sizes) {
      const size = await pending;
      context.diagnostic(`${name}: ${size} bytes`);
      total += size;
      if (name.endsWith('.wasm')) wasm = size;
    }
    context.diagnostic(`all: ${total} bytes`);
    // The pages beside it are the burden of those who open them.
    assert.deepEqual([...sizes.keys()].filter((name) => /^\/(dashboard|jobs)/.test(name)), []);
    assert.ok(wasm > 0 && wasm <= WASM_BYTES, `the program is ${wasm} bytes`);
    assert.ok(total <= PAGE_BYTES, `the page is ${total} bytes`);
    await page.context().close();
  });

  for (const [name, viewport] of Object.entries(windows)) {
    test(`fits a ${name} without scrolling sideways`, async () => {
      const page = await openPage(browser, { viewport });
      await page.goto(server.origin);
      const over = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      assert.equal(over, 0);
      await page.context().close();
    });
  }

  test('prints on white, with addresses and without what only a screen can do', async () => {
    const page = await openPage(browser, { colorScheme: 'dark' });
    await page.goto(server.origin);
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('.visits').isVisible(), false);
    assert.equal(await page.locator('.skip').isVisible(), false);
    const look = await page.evaluate(() => ({
      paper: getComputedStyle(document.body).backgroundColor,
      address: getComputedStyle(document.querySelector('#work article a'), '::after').content,
    }));
    assert.equal(look.paper, 'rgb(255, 255, 255)');
    assert.match(look.address, /halcyon-freight\.example\.com/);

    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    const pages = pdf.match(/\/Type\s*\/Page\b/g).length;
    assert.ok(pages <= 3, `${pages} sheets`);
    await page.context().close();
  });

  test('answers a dead link with a way back', async () => {
    const page = await openPage(browser);
    const answer = await page.goto(`${server.origin}/not/here`);
    assert.equal(answer.status(), 404);
    await page.getByRole('link', { name: 'Go to the résumé' }).click();
    await counterShows(page, '\\d+');
    assert.deepEqual(page.seen.violations, []);
    await page.context().close();
  });
});

// Every string of the document that is for readers: not an address, which is
// behind a link, and not a date, which is written out.
function wordsOf(value, key = '') {
  if (key === 'meta') return [];
  if (typeof value === 'object') {
    return Object.entries(value).flatMap(([inner, one]) => wordsOf(one, inner));
  }
  const hidden = ['$schema', 'url', 'image'];
  const isDate = /date$/i.test(key);
  return hidden.includes(key) || isDate ? [] : [value];
}
