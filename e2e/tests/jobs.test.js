// The job board, as whoever looks for work sees it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { assertAccessible } from '../accessible.js';
import { launch, openPage, windows } from '../browser.js';
import { startServer, startServerOnDisk } from '../server.js';

const PAGE = 50;
const PAGE_BYTES = 100_000;

// 120 in Lyon, of which 30 are of another type and keyword; 4 in Oslo, of which
// each means harm or says little.
const lyon = Array.from({ length: 120 }, (_, index) => ({
  id: `lyon-${String(index).padStart(3, '0')}`,
  city: 'Lyon',
  company_name: 'Pain et Cie',
  title: `Boulanger ${index}`,
  url: `https://jobs.example.com/offers/${index}?a=1&b=2`,
  contract_type: index % 4 ? 'Permanent' : 'Fixed term',
  company_sector: 'Food',
  user_experience: '2 years',
  keyword: index % 4 ? 'bread & butter' : 'rust',
  created_date: '2026-11-01',
  provider: 'jobs.example.com',
}));
const ATTACK = '<script>window.intruder = 1</script><img src=x onerror="window.intruder = 2">';
const oslo = [
  { id: 'oslo-1', city: 'Oslo', title: ATTACK, company_name: ATTACK, contract_type: '"><b>bold</b>', url: 'javascript:window.intruder=3' },
  { id: 'oslo-2', city: 'Oslo', title: 'Disguised', url: ' \tjava\nscript:window.intruder=4//https://x.example.com' },
  { id: 'oslo-3', city: 'Oslo', title: 'Relative', url: '/v1/health' },
  { id: 'oslo-4', city: 'Oslo' },
];

describe('the job board', () => {
  let server, browser;
  before(async () => {
    browser = await launch();
    server = await startServerOnDisk();
    await server.load([...lyon, ...oslo]);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  async function open(query = '', options = {}) {
    const page = await openPage(browser, options);
    await page.goto(`${server.origin}/jobs/${query}`);
    return page;
  }

  /** Waits until the page says this of its list. */
  async function says(page, sentence) {
    await page.getByRole('status').filter({ hasText: new RegExp(`^${sentence}$`) }).waitFor();
  }

  /** Waits until this offer has the focus. */
  async function leadsTo(page, place) {
    await page.waitForFunction(
      (wanted) => document.activeElement === document.querySelectorAll('.offers article')[wanted],
      place,
    );
  }

  const offers = (page) => page.locator('.offers article');
  const search = (page) => new URL(page.url()).search;

  test('lists every offer once, page by page, and leads on to what has come', async () => {
    const page = await open();
    await says(page, '50 offers so far, and there may be more.');
    const more = page.getByRole('button', { name: 'Show more offers' });
    await more.click();
    await says(page, '100 offers so far, and there may be more.');
    await leadsTo(page, PAGE);
    await more.click();
    await says(page, '124 offers in all.');
    assert.equal(await more.count(), 0);
    const titles = await offers(page).locator('h3').allInnerTexts();
    const expected = [...lyon, ...oslo].map(({ title }) => title ?? 'An offer without a title');
    assert.deepEqual(titles.sort(), expected.sort());
    assert.deepEqual([page.seen.console, page.seen.errors, page.seen.violations], [[], [], []]);
    await page.context().close();
  });

  test('shows all that an offer says, and leaves out what it does not', async () => {
    const page = await open('?city=Lyon&keyword=rust');
    await says(page, '30 offers match.');
    const offer = offers(page).filter({ has: page.getByRole('heading', { name: 'Boulanger 8', exact: true }) });
    assert.deepEqual((await offer.innerText()).split(/\s*\n\s*/), [
      'Boulanger 8', '2026-11-01', 'Pain et Cie Lyon', 'Contract type', 'Fixed term', 'Experience', '2 years',
      'Sector', 'Food', 'Keyword', 'rust', 'Found at', 'jobs.example.com',
    ]);
    const link = offer.getByRole('link');
    assert.equal(await link.getAttribute('href'), 'https://jobs.example.com/offers/8?a=1&b=2');
    assert.equal(await link.getAttribute('rel'), 'noopener nofollow');

    await page.goto(`${server.origin}/jobs/?city=Oslo`);
    await says(page, '4 offers match.');
    const bare = offers(page).filter({ hasText: 'An offer without a title' });
    assert.deepEqual((await bare.innerText()).split(/\s*\n\s*/), ['An offer without a title', 'Oslo']);
    await page.context().close();
  });

  test('takes the words of others for words', async () => {
    const page = await open('?city=Oslo');
    await says(page, '4 offers match.');
    assert.equal(await offers(page).getByRole('link').count(), 0);
    assert.equal(await page.locator('.offers :is(script, img, b)').count(), 0);
    assert.ok((await offers(page).allInnerTexts()).some((text) => text.startsWith(ATTACK)));
    assert.equal(await page.locator('option', { hasText: '"><b>bold</b>' }).count(), 1);
    assert.equal(await page.evaluate(() => window.intruder), undefined);
    assert.deepEqual([page.seen.console, page.seen.errors, page.seen.violations], [[], [], []]);
    await page.context().close();
  });

  test('searches on Enter, on the button, and when a contract type is chosen', async () => {
    const page = await open();
    await says(page, '50 offers so far, and there may be more.');
    await page.getByLabel('City').fill('  Lyon ');
    await page.getByLabel('City').press('Enter');
    await says(page, '50 offers so far, and there may be more.');
    await page.waitForFunction(() => location.search === '?city=Lyon');
    await page.getByLabel('Keyword').fill('bread & butter');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.waitForFunction(() => location.search === '?city=Lyon&keyword=bread+%26+butter');
    await says(page, '50 offers so far, and there may be more.');
    await page.getByLabel('Contract type').selectOption('Fixed term');
    await says(page, 'No offer matches.');
    assert.equal(search(page), '?city=Lyon&keyword=bread+%26+butter&contract_type=Fixed+term');
    await page.getByLabel('Keyword').fill('');
    await page.getByLabel('Keyword').press('Enter');
    await says(page, '30 offers match.');
    assert.equal(await page.title(), 'Job offers – Lyon – Fixed term');
    await page.getByRole('button', { name: 'Clear' }).click();
    await says(page, '50 offers so far, and there may be more.');
    assert.equal(page.url(), `${server.origin}/jobs/`);
    for (const name of ['City', 'Keyword', 'Contract type']) {
      assert.equal(await page.getByLabel(name, { exact: true }).inputValue(), '', name);
    }
    await page.context().close();
  });

  test('is where its address says, and goes back and forth', async () => {
    const page = await open('?city=Lyon&contract_type=Fixed+term&other=x');
    await says(page, '30 offers match.');
    assert.equal(await page.getByLabel('City').inputValue(), 'Lyon');
    assert.equal(await page.getByLabel('Contract type').inputValue(), 'Fixed term');
    // The others can be chosen, although the address hides them.
    await page.locator('option', { hasText: 'Permanent' }).waitFor({ state: 'attached' });
    await page.getByLabel('Contract type').selectOption('Permanent');
    await says(page, '50 offers so far, and there may be more.');
    await page.getByLabel('City').fill('Oslo');
    await page.getByLabel('City').press('Enter');
    await says(page, 'No offer matches.');
    await page.goBack();
    await says(page, '50 offers so far, and there may be more.');
    assert.equal(await page.getByLabel('City').inputValue(), 'Lyon');
    await page.goBack();
    await says(page, '30 offers match.');
    assert.equal(await page.getByLabel('Contract type').inputValue(), 'Fixed term');
    await page.goForward();
    await says(page, '50 offers so far, and there may be more.');
    assert.equal(await page.getByLabel('Contract type').inputValue(), 'Permanent');
    await page.context().close();
  });

  test('suggests the cities and keywords it has seen', async () => {
    const page = await open('?keyword=rust');
    await says(page, '30 offers match.');
    const suggested = (name) => page.locator(`#${name}-known option`).evaluateAll((all) => all.map(({ value }) => value));
    await page.locator('#keyword-known option[value="bread & butter"]').waitFor({ state: 'attached' });
    assert.deepEqual(await suggested('keyword'), ['bread & butter', 'rust']);
    assert.ok((await suggested('city')).includes('Lyon'));
    await page.context().close();
  });

  test('passes over pages without an offer, and says so where it has seen enough', async () => {
    const page = await openPage(browser);
    let asked = 0;
    let empty = 3;
    await page.route('**/v1/jobs?*', (route) => {
      const wanted = new URL(route.request().url()).searchParams.get('contract_type');
      if (wanted === null) return route.continue();
      asked += 1;
      const headers = { link: `</v1/jobs?contract_type=Rare&cursor=${asked}>; rel="next"` };
      return asked <= empty
        ? route.fulfill({ json: [], headers })
        : route.fulfill({ json: [{ id: '1', city: 'Lyon', title: 'Found' }] });
    });
    await page.goto(`${server.origin}/jobs/?contract_type=Rare`);
    await says(page, '1 offer matches.');
    assert.equal(asked, 4);

    [asked, empty] = [0, 7];
    await page.getByRole('button', { name: 'Search' }).click();
    await says(page, 'No offer matches so far, and there are more to look through.');
    assert.equal(asked, 5);
    await page.getByRole('button', { name: 'Show more offers' }).click();
    await says(page, '1 offer matches.');
    await page.context().close();
  });

  test('shows the answer to the last question, however late another comes', async () => {
    const page = await open();
    await says(page, '50 offers so far, and there may be more.');
    let release;
    const held = new Promise((resolve) => (release = resolve));
    await page.route('**/v1/jobs?*city=Lyon*', async (route) => {
      await held;
      await route.continue();
    });
    await page.getByLabel('City').fill('Lyon');
    await page.getByLabel('City').press('Enter');
    await says(page, 'Loading the offers…');
    await page.getByLabel('City').fill('Oslo');
    await page.getByLabel('City').press('Enter');
    await says(page, '4 offers match.');
    const late = page.waitForResponse('**/v1/jobs?*city=Lyon*');
    release();
    await late;
    await page.waitForTimeout(200);
    await says(page, '4 offers match.');
    assert.equal(await offers(page).count(), 4);
    await page.context().close();
  });

  const failures = {
    'cannot be reached': [(route) => route.abort('connectionrefused'), 'The server does not answer.'],
    'takes no more': [(route) => route.fulfill({ status: 429, json: { message: 'Too Many Requests' } }), 'more often than it allows'],
    'has no store': [(route) => route.fulfill({ status: 503, json: { message: 'Later.' } }), 'an error: Later.'],
    'answers something else': [(route) => route.fulfill({ body: '<html>' }), 'The server does not answer.'],
  };
  for (const [what, [answer, sentence]] of Object.entries(failures)) {
    test(`says so when the API ${what}, and tries again`, async () => {
      const page = await open('?city=Lyon');
      await says(page, '50 offers so far, and there may be more.');
      await page.route('**/v1/jobs?*', answer);
      const failure = page.getByRole('alert').filter({ hasText: sentence });
      // What is there stays where only more of it is missing.
      await page.getByRole('button', { name: 'Show more offers' }).click();
      await failure.waitFor();
      assert.equal(await offers(page).count(), PAGE);
      await page.unroute('**/v1/jobs?*');
      await page.getByRole('button', { name: 'Try again' }).click();
      await says(page, '100 offers so far, and there may be more.');
      await leadsTo(page, PAGE);

      await page.route('**/v1/jobs?*', answer);
      await page.getByLabel('City').fill('Oslo');
      await page.getByLabel('City').press('Enter');
      await failure.waitFor();
      assert.equal(await offers(page).count(), 0);
      assert.equal(await page.getByRole('button', { name: 'Show more offers' }).count(), 0);
      await page.unroute('**/v1/jobs?*');
      await page.getByRole('button', { name: 'Try again' }).click();
      await says(page, '4 offers match.');
      await leadsTo(page, 0);
      assert.deepEqual(page.seen.errors, []);
      await page.context().close();
    });
  }

  test('gives the sentence of the API for what it does not take', async () => {
    const page = await open(`?city=${'x'.repeat(1_025)}`);
    await page.getByRole('alert').filter({ hasText: '`city` is 1025 bytes long' }).waitFor();
    await page.context().close();
  });

  test('says that there is nothing yet', async () => {
    const empty = await startServer();
    const page = await openPage(browser);
    await page.goto(`${empty.origin}/jobs/`);
    await says(page, 'There are no job offers yet.');
    await page.context().close();
    await empty.stop();
  });

  test('leads to the offers without scripts', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${server.origin}/jobs/`);
    assert.match(await page.locator('main').innerText(), /^This page lists the offers .* which does not run here: scripts are turned off/);
    await page.getByRole('link', { name: 'as JSON' }).click();
    assert.equal(page.url(), `${server.origin}/v1/jobs`);
    assert.equal(JSON.parse(await page.locator('body').innerText()).length, 100);
    await context.close();
  });

  test('loads nothing from elsewhere, and little', async (context) => {
    const page = await openPage(browser);
    const sizes = new Map();
    page.on('requestfinished', (request) => {
      sizes.set(new URL(request.url()).pathname, request.sizes().then((size) => size.responseBodySize));
    });
    await page.goto(`${server.origin}/jobs/`);
    await says(page, '50 offers so far, and there may be more.');
    await page.waitForLoadState('networkidle');
    const strangers = page.seen.requests.filter((url) => new URL(url).origin !== server.origin);
    assert.deepEqual(strangers, []);
    let total = 0;
    for (const [name, pending] of sizes) {
      const size = await pending;
      context.diagnostic(`${name}: ${size} bytes`);
      if (name !== '/v1/jobs') total += size;
    }
    context.diagnostic(`all but the offers: ${total} bytes`);
    assert.ok(total <= PAGE_BYTES, `the page is ${total} bytes`);
    await page.context().close();
  });

  test('has a strict policy, and may be found', async () => {
    const page = await open();
    const meta = (name) => page.locator(`meta[${name}]`);
    assert.match(
      await meta('http-equiv=Content-Security-Policy').getAttribute('content'),
      /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; .*; base-uri 'none'; form-action 'none'$/,
    );
    assert.equal(await meta('name=robots').count(), 0);
    await page.context().close();
  });

  test('prints the offers with their addresses, and no form', async () => {
    const page = await open('?city=Lyon&keyword=rust', { colorScheme: 'dark' });
    await says(page, '30 offers match.');
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.getByRole('search').isVisible(), false);
    const look = await page.evaluate(() => ({
      paper: getComputedStyle(document.body).backgroundColor,
      address: getComputedStyle(document.querySelector('.offers a'), '::after').content,
    }));
    assert.equal(look.paper, 'rgb(255, 255, 255)');
    assert.match(look.address, /jobs\.example\.com/);
    await page.context().close();
  });

  for (const [name, viewport] of Object.entries(windows)) {
    test(`is clean for axe and fits on a ${name}`, async () => {
      const page = await open('', { viewport });
      await says(page, '50 offers so far, and there may be more.');
      await assertAccessible(page);
      await page.goto(`${server.origin}/jobs/?city=Oslo`);
      await says(page, '4 offers match.');
      await assertAccessible(page);
      await page.getByLabel('Keyword').fill('nothing');
      await page.getByLabel('Keyword').press('Enter');
      await says(page, 'No offer matches.');
      await assertAccessible(page);
      await page.route('**/v1/jobs?*', (route) => route.abort());
      await page.getByRole('button', { name: 'Clear' }).click();
      await page.getByRole('alert').waitFor();
      await assertAccessible(page);
      await page.context().close();
    });
  }

  test('can be worked by keyboard alone', async () => {
    const page = await open();
    await says(page, '50 offers so far, and there may be more.');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Oslo');
    await page.keyboard.press('Enter');
    await says(page, '4 offers match.');
    assert.ok(await page.getByLabel('City').evaluate((input) => input === document.activeElement));
    await page.context().close();
  });
});
