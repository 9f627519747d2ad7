// What the page reports of a visit, and when it reports none.

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { counterShows, launch, launchAsVisitor, openPage, visitor } from '../browser.js';
import { startServer } from '../server.js';

describe('a visit', () => {
  let server, browser;
  before(async () => (browser = await launchAsVisitor()));
  after(() => browser?.close());
  beforeEach(async () => (server = await startServer()));
  afterEach(() => server?.stop());

  /** Does `act`, which makes `page` report, and resolves with the report. */
  async function reportOf(page, act) {
    const [answer] = await Promise.all([page.waitForResponse('**/visits'), act()]);
    const request = answer.request();
    return { status: answer.status(), body: request.postDataJSON(), headers: await request.allHeaders() };
  }

  const reports = (page) => page.seen.requests.filter((url) => new URL(url).pathname === '/visits');
  const recorded = async () => (await server.summary()).visits;
  const skipped = async () => (await server.summary()).skipped;

  test('is recorded once, and once more when the page is loaded again', async () => {
    const page = await openPage(browser, visitor);
    await reportOf(page, () => page.goto(server.origin));
    await page.waitForLoadState('networkidle');
    assert.equal(await recorded(), 1);
    await reportOf(page, () => page.reload());
    await page.waitForLoadState('networkidle');
    assert.equal(await recorded(), 2);
    assert.equal(reports(page).length, 2);
    assert.deepEqual(await skipped(), []);
    assert.deepEqual([page.seen.console, page.seen.errors, page.seen.violations], [[], [], []]);
    await page.context().close();
  });

  test('says what was visited, and nothing of who did', async () => {
    const page = await openPage(browser, visitor);
    await page.context().addCookies([{ name: 'who', value: 'someone', url: server.origin }]);
    const first = await reportOf(page, () => page.goto(`${server.origin}/?from=someone#work`));
    assert.equal(first.status, 201);
    assert.deepEqual(first.body, { propertyId: server.property });
    assert.equal(first.headers['content-type'], 'application/json');
    assert.equal(first.headers.cookie, undefined);
    const second = await reportOf(page, () => page.reload());
    const [one, other] = [first, second].map(({ headers }) => headers['idempotency-key']);
    assert.match(one, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.notEqual(one, other);
    assert.deepEqual(await page.context().storageState({ indexedDB: true }).then(({ origins }) => origins), []);
    await page.context().close();
  });

  test('says which site led here, and neither path nor query of it', async () => {
    const page = await openPage(browser, visitor);
    const elsewhere = 'https://www.search.example/results?q=someone#here';
    await page.route('https://www.search.example/**', (route) =>
      route.fulfill({ contentType: 'text/html', body: `<a href="${server.origin}/">here</a>`, headers: { 'referrer-policy': 'unsafe-url' } }),
    );
    for (const [query, source] of [
      ['', 'search.example'],
      ['?utm_source=Newsletter', 'newsletter'],
      ['?ref=friend&utm_source=a%20b', 'friend'],
    ]) {
      await page.goto(elsewhere);
      await page.evaluate((address) => (document.querySelector('a').href = address), `${server.origin}/${query}`);
      const { body } = await reportOf(page, () => page.click('a'));
      assert.deepEqual(body, { propertyId: server.property, source });
    }
    const within = await reportOf(page, () => page.evaluate(() => (location.href = '/?again')));
    assert.deepEqual(within.body, { propertyId: server.property });
    const { sources } = await server.summary();
    assert.deepEqual(sources.map(({ source }) => source).sort(), ['friend', 'newsletter', 'search.example']);
    await page.context().close();
  });

  test('is not reported where there is no log, and the page is counted', async () => {
    const alone = await startServer('--only', 'counter');
    const page = await openPage(browser, visitor);
    await page.goto(alone.origin);
    await counterShows(page, '1');
    await page.waitForLoadState('networkidle');
    assert.deepEqual(reports(page), []);
    assert.deepEqual(await page.locator('a[href^="/dashboard"], a[href^="/jobs"]').all(), []);
    assert.deepEqual([page.seen.console, page.seen.errors, page.seen.violations], [[], [], []]);
    await page.context().close();
    await alone.stop();
  });

  const define = (object, name, value) =>
    `Object.defineProperty(${object}, '${name}', { get: () => ${value}, configurable: true });`;
  const reasons = {
    'global-privacy-control': { script: define('Navigator.prototype', 'globalPrivacyControl', true) },
    'do-not-track': { script: define('Navigator.prototype', 'doNotTrack', "'1'") },
    automation: { script: define('Navigator.prototype', 'webdriver', true) },
    crawler: { userAgent: 'Mozilla/5.0 (Linux; compatible; Googlebot/2.1) Chrome/150.0.0.0 Safari/537.36' },
  };
  for (const [reason, { script, ...options }] of Object.entries(reasons)) {
    test(`is not recorded for the reason ${reason}, which is counted`, async () => {
      const page = await openPage(browser, { ...visitor, ...options });
      if (script) await page.addInitScript(script);
      const { status, body } = await reportOf(page, () => page.goto(server.origin));
      assert.equal(status, 200);
      assert.deepEqual(body, { propertyId: server.property, skipped: reason });
      assert.equal(await recorded(), 0);
      assert.deepEqual(await skipped(), [{ reason, visits: 1 }]);
      await counterShows(page, '0');
      assert.equal(await server.count(), 0);
      await page.context().close();
    });
  }

  test('that is asked for ahead is not recorded for the reason prefetch, which is counted', async () => {
    const page = await openPage(browser, { ...visitor, extraHTTPHeaders: { 'sec-purpose': 'prefetch;prerender' } });
    await page.goto(server.origin);
    await counterShows(page, '0');
    await page.waitForLoadState('networkidle');
    assert.deepEqual(await skipped(), [{ reason: 'prefetch', visits: 1 }]);
    assert.deepEqual([await recorded(), await server.count()], [0, 0]);
    await page.context().close();
  });

  test('of two tabs is two', async () => {
    const page = await openPage(browser, visitor);
    const tab = await page.context().newPage();
    await reportOf(page, () => page.goto(server.origin));
    await counterShows(page, '1');
    await reportOf(tab, () => tab.goto(server.origin));
    await counterShows(tab, '2');
    assert.deepEqual([await recorded(), await server.count()], [2, 2]);
    await page.context().close();
  });

  test('by the owner is none when the browser has deleted what the page kept', async () => {
    const page = await openPage(browser, visitor);
    await reportOf(page, () => page.goto(`${server.origin}/#count-off`));
    const [cookie] = await page.context().cookies();
    assert.deepEqual([cookie.name, cookie.value, cookie.path, cookie.sameSite], ['count', 'off', '/', 'Lax']);
    assert.ok(cookie.expires > Date.now() / 1000 + 399 * 24 * 3600, 'for 400 days');
    await page.evaluate(() => localStorage.clear());

    await page.goto('about:blank');
    const later = await reportOf(page, () => page.goto(server.origin));
    assert.equal(later.body.skipped, 'owner');
    await counterShows(page, '0');

    await page.goto('about:blank');
    await reportOf(page, () => page.goto(`${server.origin}/#count-on`));
    await counterShows(page, '1');
    assert.deepEqual(await page.context().cookies(), []);
    await page.context().close();
  });

  test('is recorded where the browser says that it may be', async () => {
    const page = await openPage(browser, visitor);
    await page.addInitScript(define('Navigator.prototype', 'globalPrivacyControl', false));
    await page.addInitScript(define('Navigator.prototype', 'doNotTrack', "'0'"));
    const { body } = await reportOf(page, () => page.goto(server.origin));
    assert.deepEqual(body, { propertyId: server.property });
    await page.context().close();
  });

  test('by a browser that really is driven is none', async () => {
    const driven = await launch();
    const page = await openPage(driven);
    const { body } = await reportOf(page, () => page.goto(server.origin));
    assert.equal(body.skipped, 'automation');
    await counterShows(page, '0');
    assert.equal(await server.count(), 0);
    await driven.close();
  });

  test('by the owner is none, from #count-off to #count-on', async () => {
    const page = await openPage(browser, visitor);
    const notice = page.getByRole('status').filter({ hasText: 'this browser' });
    await reportOf(page, () => page.goto(server.origin));
    await counterShows(page, '1');
    assert.equal(await notice.count(), 0);

    await page.goto('about:blank');
    const off = await reportOf(page, () => page.goto(`${server.origin}/#count-off`));
    assert.equal(off.body.skipped, 'owner');
    await page.getByText('Visits from this browser are no longer counted.').waitFor();
    await counterShows(page, '1');

    await page.goto('about:blank');
    const later = await reportOf(page, () => page.goto(server.origin));
    assert.equal(later.body.skipped, 'owner');
    assert.equal(await notice.count(), 0);
    await counterShows(page, '1');
    assert.equal(await recorded(), 1);
    assert.deepEqual(await skipped(), [{ reason: 'owner', visits: 2 }]);

    await page.goto('about:blank');
    const on = await reportOf(page, () => page.goto(`${server.origin}/#count-on`));
    assert.deepEqual(on.body, { propertyId: server.property });
    await page.getByText('Visits from this browser are counted.').waitFor();
    await counterShows(page, '2');
    assert.equal(await recorded(), 2);
    await page.context().close();
  });

  test('that is under way is not reported again when the mark is set', async () => {
    const page = await openPage(browser, visitor);
    await reportOf(page, () => page.goto(server.origin));
    await page.goto(`${server.origin}/#count-off`);
    await page.getByText('Visits from this browser are no longer counted.').waitFor();
    await page.waitForLoadState('networkidle');
    assert.equal(reports(page).length, 1);
    await page.context().close();
  });

  test('is reported by a browser that keeps no settings', async () => {
    const page = await openPage(browser, visitor);
    await page.addInitScript(
      `Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });`,
    );
    const { body } = await reportOf(page, () => page.goto(server.origin));
    assert.deepEqual(body, { propertyId: server.property });
    await page.goto('about:blank');
    const off = await reportOf(page, () => page.goto(`${server.origin}/#count-off`));
    assert.equal(off.body.skipped, 'owner');
    await page.getByText('This browser keeps no settings').waitFor();
    await counterShows(page, '1');
    assert.deepEqual(page.seen.errors, []);
    await page.context().close();
  });

  test('begins when the page is looked at', async () => {
    const page = await openPage(browser, visitor);
    await page.addInitScript(`let hidden = true; ${define('Document.prototype', 'hidden', 'hidden')}
      window.show = () => { hidden = false; document.dispatchEvent(new Event('visibilitychange')); };`);
    await page.goto(server.origin);
    await page.waitForLoadState('networkidle');
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await counterShows(page, '…');
    assert.deepEqual([reports(page).length, await server.count()], [0, 0]);
    await reportOf(page, () => page.evaluate(() => window.show()));
    await counterShows(page, '1');
    assert.equal(await recorded(), 1);
    await page.context().close();
  });

  const prerendering = `let prerendering = true; ${define('Document.prototype', 'prerendering', 'prerendering')}
    window.activate = () => { prerendering = false; document.dispatchEvent(new Event('prerenderingchange')); };`;

  test('begins when a page that was rendered ahead is activated', async () => {
    const page = await openPage(browser, visitor);
    await page.addInitScript(prerendering);
    await page.goto(server.origin);
    await page.waitForLoadState('networkidle');
    assert.deepEqual([reports(page).length, await server.count()], [0, 0]);
    const { body } = await reportOf(page, () => page.evaluate(() => window.activate()));
    assert.deepEqual(body, { propertyId: server.property });
    await counterShows(page, '1');
    await page.goto('about:blank');
    assert.deepEqual(await skipped(), []);
    await page.context().close();
  });

  test('that never came is counted as prerendered', async () => {
    const page = await openPage(browser, visitor);
    await page.addInitScript(prerendering);
    await page.goto(server.origin);
    await page.waitForLoadState('networkidle');
    await page.goto('about:blank');
    // Nobody is left who could be asked whether the report has come.
    for (let tries = 0; tries < 50 && (await skipped()).length === 0; tries += 1) await setTimeout(100);
    assert.deepEqual(await skipped(), [{ reason: 'prerender', visits: 1 }]);
    assert.deepEqual([await recorded(), await server.count()], [0, 0]);
    await page.context().close();
  });

  test('restored from the back-forward cache is neither counted nor recorded again', async () => {
    const page = await openPage(browser, visitor);
    await reportOf(page, () => page.goto(server.origin));
    await counterShows(page, '1');
    await page.goto(`${server.origin}/robots.txt`);
    await page.goBack();
    await page.waitForLoadState('networkidle');
    const restored = await page.evaluate(() => performance.getEntriesByType('navigation')[0].type);
    // A browser that does not keep the page loads it anew, which is a view.
    const views = restored === 'back_forward' ? 2 : 1;
    await counterShows(page, String(views));
    assert.deepEqual([await recorded(), await server.count()], [views, views]);
    await page.context().close();
  });

  test('leaves the page as it is when it cannot be reported', async () => {
    const page = await openPage(browser, visitor);
    await page.route('**/visits', (route) => route.abort('connectionrefused'));
    const failed = page.waitForEvent('requestfailed');
    await page.goto(server.origin);
    await failed;
    await counterShows(page, '1');
    assert.deepEqual(page.seen.errors, []);
    await page.context().close();
  });
});
