// The site behind the distribution of template.yaml: its pages under the policy
// it adds, its APIs under the same name.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { counterShows, launchAsVisitor, openPage, visitor } from '../browser.js';
import { secret, startCdn } from '../cdn.js';
import { site, startServer, token } from '../server.js';

describe('behind the CDN', () => {
  let server, cdn, browser;
  before(async () => {
    server = await startServer('--cdn-secret', secret);
    cdn = await startCdn(site, server.origin);
    browser = await launchAsVisitor();
  });
  after(async () => {
    await browser?.close();
    await cdn?.stop();
    await server?.stop();
  });

  const get = (path, options) => fetch(cdn.origin + path, { redirect: 'manual', ...options });
  const owner = { headers: { authorization: `Bearer ${token}` } };
  const summary = async (property) =>
    (await get(`/visits/summary?propertyId=${encodeURIComponent(property)}`, owner)).json();

  test('the page counts and reports a visitor, with the place that the CDN knows', async () => {
    const page = await openPage(browser, visitor);
    const [report] = await Promise.all([page.waitForResponse('**/visits'), page.goto(cdn.origin)]);
    assert.equal(report.status(), 201);
    await counterShows(page, '1');
    await page.reload({ waitUntil: 'networkidle' });
    await counterShows(page, '2');
    assert.deepEqual([page.seen.console, page.seen.errors, page.seen.violations], [[], [], []]);
    const { visits, uniques, places } = await summary(`${new URL(cdn.origin).host}/`);
    assert.deepEqual({ visits, uniques, places }, { visits: 2, uniques: 1, places: [{ place: 'Lyon, FR', visits: 2 }] });
    await page.context().close();
  });

  test('the owner signs in to the dashboard', async () => {
    const page = await openPage(browser, visitor);
    await page.goto(`${cdn.origin}/dashboard`);
    assert.equal(page.url(), `${cdn.origin}/dashboard/`);
    await page.getByLabel('Owner token').fill(token);
    await page.getByRole('button', { name: 'Show the visits' }).click();
    await page.getByLabel('Property').waitFor();
    assert.deepEqual([page.seen.console, page.seen.errors, page.seen.violations], [[], [], []]);
    await page.context().close();
  });

  test('anyone searches the job offers', async () => {
    const offer = { city: 'Lyon', company_name: 'Pain et Cie', title: 'Boulanger', contract_type: 'Fixed term' };
    const headers = { ...owner.headers, 'content-type': 'application/json' };
    const posted = await get('/v1/jobs', { method: 'POST', body: JSON.stringify(offer), headers });
    assert.equal(posted.status, 201);
    const page = await openPage(browser);
    await page.goto(`${cdn.origin}/jobs/?city=Lyon&contract_type=Fixed+term`);
    await page.getByRole('heading', { name: 'Boulanger' }).waitFor();
    assert.deepEqual([page.seen.console, page.seen.errors, page.seen.violations], [[], [], []]);
    await page.context().close();
  });

  test('a dead link is the page for it, and an API keeps its own answers', async () => {
    const missing = await get('/nothing/here');
    assert.deepEqual([missing.status, missing.headers.get('content-type')], [404, 'text/html; charset=utf-8']);
    assert.match(await missing.text(), /<title>Page not found<\/title>/);
    for (const [path, status, message] of [
      ['/v1/jobs/nothing', 404, /./],
      ['/visits', 401, /token/],
      ['/counter', 400, /`path` is missing/],
    ]) {
      const answer = await get(path);
      assert.deepEqual([answer.status, answer.headers.get('cache-control')], [status, 'no-store'], path);
      assert.match((await answer.json()).message, message);
    }
  });

  test('a 403 of an API is its own, and is kept for nobody', async () => {
    const bounded = await startServer('--counted-hosts', 'example.com');
    const before = await startCdn(site, bounded.origin);
    const asked = [
      ['/counter?path=other.example/'],
      ['/visits', { method: 'POST', body: '{"propertyId":"other.example/"}' }],
    ];
    for (const [path, options] of asked) {
      const answer = await fetch(before.origin + path, options);
      const { status, headers } = answer;
      assert.deepEqual([status, headers.get('x-status'), headers.get('cache-control')], [403, null, 'no-store']);
      assert.deepEqual(await answer.json(), { message: 'Pages of this host are not counted here.' });
    }
    await before.stop();
    await bounded.stop();
  });

  test('the owner is given the mark through the CDN', async () => {
    const report = { method: 'POST', body: '{"propertyId":"marked","skipped":"owner"}' };
    assert.match((await get('/visits', report)).headers.get('set-cookie'), /^count=off; /);
  });

  test('whoever repeats a visit with its key gets the first answer', async () => {
    const post = { method: 'POST', body: '{"propertyId":"keyed"}', headers: { 'idempotency-key': 'k', 'content-type': 'application/json' } };
    const [first, second] = [await (await get('/visits', post)).json(), await (await get('/visits', post)).json()];
    assert.deepEqual(first, second);
    assert.equal((await summary('keyed')).visits, 1);
  });

  test('every answer carries the security headers', async () => {
    for (const path of ['/', '/dashboard/', '/jobs/', '/robots.txt', '/nothing', '/counter?path=headers&mode=read']) {
      const { headers } = await get(path);
      assert.match(headers.get('content-security-policy'), /^default-src 'none'; .*frame-ancestors 'none'$/, path);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('strict-transport-security'), 'max-age=31536000');
    }
  });
});
