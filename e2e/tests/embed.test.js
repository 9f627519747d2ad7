// The counter on any page, of another origin than the program's.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import { launch, launchAsVisitor, openPage, visitor } from '../browser.js';
import { startServer } from '../server.js';

describe('counter.js', () => {
  let browser, server, blog, html;
  before(async () => (browser = await launchAsVisitor()));
  after(() => browser?.close());
  beforeEach(async () => {
    server = await startServer();
    blog = createServer((request, response) => response.setHeader('content-type', 'text/html').end(html));
    await new Promise((listening) => blog.listen(0, '127.0.0.1', listening));
    html = page('<b data-counter></b>');
  });
  afterEach(async () => {
    blog.closeAllConnections();
    blog.close();
    await server?.stop();
  });

  const page = (body) => `<!doctype html><html lang=de>${body}<script src="${server.origin}/counter.js"></script>`;
  const address = (path) => `http://localhost:${blog.address().port}${path}`;
  const shows = (opened, ...texts) =>
    opened.waitForFunction(
      (expected) => JSON.stringify([...document.querySelectorAll('[data-counter]')].map((e) => e.textContent)) === expected,
      JSON.stringify(texts),
    );
  const read = async (path) =>
    (await (await fetch(`${server.origin}/counter?path=${encodeURIComponent(path)}&mode=read`)).json()).count;

  test('weighs a kilobyte at most, compressed', async () => {
    const script = Buffer.from(await (await fetch(`${server.origin}/counter.js`)).arrayBuffer());
    const weights = [gzipSync(script, { level: 9 }).length, brotliCompressSync(script).length];
    console.log(`counter.js: ${script.length} bytes, ${weights[0]} with gzip, ${weights[1]} with brotli`);
    assert.ok(weights.every((weight) => weight <= 1_000));
  });

  test('counts a view of a page by its one name, and once for all marks of it', async () => {
    const host = new URL(address('/')).host;
    html = page('<b data-counter></b><i data-counter></i><u data-counter="other"></u>');
    const opened = await openPage(browser, visitor);
    await opened.goto(address('/blog//post/index.html?x#y'));
    await shows(opened, '1', '1', '1');
    await opened.goto(address('/blog/post/'));
    await shows(opened, '2', '2', '2');
    assert.deepEqual([await read(`${host}/blog/post/`), await read('other')], [2, 2]);
    assert.deepEqual(opened.seen.errors, []);
    await opened.context().close();
  });

  test('counts daily where its mark says so', async () => {
    html = page('<b data-counter=d data-counts=daily></b>');
    const opened = await openPage(browser, visitor);
    for (let load = 0; load < 5; load += 1) {
      await opened.goto(address('/'));
      await shows(opened, '1');
    }
    await opened.context().close();
  });

  const define = (name, value) =>
    `Object.defineProperty(Navigator.prototype, '${name}', { get: () => ${value}, configurable: true });`;
  const reasons = {
    'global privacy control': { script: define('globalPrivacyControl', true) },
    'do not track': { script: define('doNotTrack', "'1'") },
    automation: { script: define('webdriver', true) },
    'an owner': { script: "localStorage.setItem('count', 'off');" },
    'a crawler': { userAgent: 'Mozilla/5.0 (Linux; compatible; Googlebot/2.1) Chrome/150.0.0.0 Safari/537.36' },
    'a prefetch': { extraHTTPHeaders: { 'sec-purpose': 'prefetch;prerender' } },
  };
  for (const [reason, { script, ...options }] of Object.entries(reasons)) {
    test(`shows the number and does not count ${reason}`, async () => {
      html = page('<b data-counter=p></b>');
      await fetch(`${server.origin}/counter?path=p`);
      const opened = await openPage(browser, { ...visitor, ...options });
      if (script) await opened.addInitScript(script);
      await opened.goto(address('/'));
      await shows(opened, '1');
      assert.equal(await read('p'), 1);
      await opened.context().close();
    });
  }

  test('counts nothing of a browser that is driven, and shows a dash where nobody answers', async () => {
    const driven = await launch();
    const opened = await openPage(driven);
    await opened.goto(address('/'));
    await shows(opened, '0');
    await opened.route('**/counter?*', (route) => route.abort());
    await opened.reload();
    await shows(opened, '–');
    await driven.close();
  });
});
