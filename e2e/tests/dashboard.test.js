// The dashboard, as the owner sees it.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';

import jsQR from 'jsqr';

import { assertAccessible } from '../accessible.js';
import { holdTimeouts, launchAsVisitor, openPage, runOut, visitor, windows } from '../browser.js';
import { startServer, token } from '../server.js';

const DAY = 24 * 3_600_000;

/** Says what a reader of QR codes reads in a picture, as the browser draws it on a screen. */
async function readCode(page, url) {
  const side = 300;
  const pixels = await page.evaluate(async ({ url, side }) => {
    const image = new Image();
    image.src = url;
    await image.decode();
    const context = new OffscreenCanvas(side, side).getContext('2d');
    context.drawImage(image, 0, 0, side, side);
    return [...context.getImageData(0, 0, side, side).data];
  }, { url, side });
  return jsQR(Uint8ClampedArray.from(pixels), side, side)?.data;
}

describe('the dashboard', () => {
  let server, browser;
  before(async () => (browser = await launchAsVisitor()));
  after(() => browser?.close());
  beforeEach(async () => (server = await startServer()));
  afterEach(() => server?.stop());

  async function open(options = {}) {
    const page = await openPage(browser, { ...visitor, ...options });
    await page.goto(`${server.origin}/dashboard/`);
    return page;
  }

  async function signIn(page, secret = token) {
    await page.getByLabel('Owner token').fill(secret);
    await page.getByRole('button', { name: 'Show the visits' }).click();
  }

  async function openSignedIn(options) {
    const page = await open(options);
    await signIn(page);
    await page.getByLabel('Property').waitFor();
    return page;
  }

  /** Waits until a sum is this number. */
  async function figureShows(page, name, number) {
    const figure = page.locator('.figures > div').filter({ has: page.getByText(name, { exact: true }) });
    await figure.locator('b', { hasText: new RegExp(`^${number}$`) }).waitFor();
  }

  const visitOn = (ago, place) => ({
    propertyId: server.property,
    date: new Date(Date.now() - ago * DAY).toISOString(),
    place,
  });

  async function rowsOf(page, section) {
    const rows = await page.getByRole('region', { name: section }).locator('tbody tr:visible').allInnerTexts();
    return rows.map((row) => row.replaceAll('\n', ''));
  }

  const choose = (page, period) => page.getByLabel(period, { exact: true }).click();

  test('makes a link, and shows who came by it and who took the PDF', async () => {
    const page = await openSignedIn();
    await page.getByLabel('A link for').fill('Acme, backend');
    await page.getByRole('button', { name: 'Make a link' }).click();
    const address = await page.locator('.made code').innerText();
    assert.match(address, new RegExp(`^${server.origin}/\\?for=[a-z2-9]{6}$`));

    const resume = await openPage(browser, visitor);
    const visit = resume.waitForRequest('**/visits');
    await resume.goto(`${address}&theme=x#work`);
    const code = address.split('=')[1];
    assert.deepEqual((await visit).postDataJSON(), { propertyId: server.property, link: code });
    await resume.waitForLoadState('networkidle');
    assert.equal(resume.url(), `${server.origin}/?theme=x#work`);
    await server.post({ propertyId: `${server.property}resume.pdf`, link: code });

    await page.getByRole('button', { name: 'Show it in the list' }).click();
    const row = page.locator('.links tbody tr', { hasText: 'Acme, backend' });
    await row.waitFor();
    const [visits, visitors, first, last, downloads] = await row.getByRole('cell').allInnerTexts();
    assert.deepEqual([visits, visitors, downloads], ['1', '1', '1']);
    assert.equal(first, last);
    await row.getByText('Acme, backend').click();
    await row.getByText(/: 1 visit, 1 visitor/).waitFor();
    assert.equal(await row.getByRole('link').getAttribute('href'), address);
    await row.getByRole('button', { name: 'QR code' }).click();
    for (const name of ['SVG', 'PNG']) {
      const file = row.getByRole('link', { name, exact: true });
      assert.equal(await file.getAttribute('download'), `${code}.${name.toLowerCase()}`);
      assert.equal(await readCode(page, await file.getAttribute('href')), address);
    }
    await row.getByAltText('QR code of this address').waitFor();
    await assertAccessible(page);
    await resume.context().close();
    await page.context().close();
  });

  test('keeps labels in any script to themselves', async () => {
    const page = await openSignedIn();
    const labels = ['חברת אקמה (backend)', '👩‍💻 Acme 🇳🇴', '<b>Acme</b> & Sons'];
    for (const label of labels) {
      await page.getByLabel('A link for').fill(label);
      await page.getByRole('button', { name: 'Make a link' }).click();
      await page.locator('.made code').waitFor();
      await page.getByRole('button', { name: 'Show it in the list' }).click();
      await page.locator('.links bdi', { hasText: label }).waitFor();
    }
    assert.deepEqual((await page.locator('.links bdi').allInnerTexts()).sort(), labels.sort());
    await page.getByLabel('A link for').fill('a\u202eb');
    await page.getByRole('button', { name: 'Make a link' }).click();
    await page.getByText('`label` contains a character that turns the text around it').waitFor();
    assert.deepEqual([page.seen.errors, page.seen.violations], [[], []]);
    await page.context().close();
  });

  test('shows the days of each page in a line', async () => {
    await server.post(visitOn(3, 'Leeds'));
    for (const ago of [1, 1, 2]) await server.post({ ...visitOn(ago, 'Leeds'), propertyId: 'a.example.com/' });
    const page = await openSignedIn();
    const line = page.getByRole('row', { name: /a\.example\.com/ }).getByRole('img', { name: /^Per day; the most were on .*: 2$/ });
    await line.waitFor();
    const { width, height } = await line.boundingBox();
    assert.ok(width > 40 && height > 10, `${width} × ${height}`);
    await page.context().close();
  });

  test('has the days of the owner’s time zone', async () => {
    await server.stop();
    // It is tomorrow there, or soon will be.
    server = await startServer('--time-zone', 'Pacific/Kiritimati');
    await server.post(visitOn(0, 'Leeds'));
    const there = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'Pacific/Kiritimati' });
    const page = await openSignedIn();
    await figureShows(page, 'Visits', 1);
    await page.getByRole('columnheader', { name: 'When (Pacific/Kiritimati)' }).waitFor();
    const day = there.format();
    assert.match(await page.locator('.log tbody tr').innerText(), new RegExp(`^${day}, \\d\\d:\\d\\d\tLeeds$`));
    await page.getByText('The same as a table').click();
    assert.equal(await page.locator('.scroll tbody th').first().innerText(), day);
    await page.getByText(/^The busiest hour is \d+:00 to \d+:59 \(Pacific\/Kiritimati\), with 1 visit\.$/).waitFor();
    await page.context().close();
  });

  test('says what led to the visits', async () => {
    for (const source of ['google.de', 'google.de', 'chatgpt.com', 'linkedin.com', 'a.example', undefined]) {
      await server.post({ propertyId: server.property, source });
    }
    const page = await openSignedIn();
    await figureShows(page, 'Visits', 6);
    const kinds = ['Search engines2', 'Social networks1', 'AI assistants1', 'Other sites1', 'Direct, or not said1'];
    assert.deepEqual((await rowsOf(page, 'What led here')).map((row) => row.replace('\t', '')), kinds);
    assert.deepEqual((await rowsOf(page, 'Sources')).map((row) => row.replace('\t', ''))[0], 'google.de2');
    await page.getByText(/^The busiest hour is \d+:00 to \d+:59 \(UTC\), with 6 visits\.$/).waitFor();
    await page.getByText(/^The lists of search engines, networks and assistants are from \w+ 20\d\d\.$/).waitFor();
    await page.context().close();
  });

  test('shows the visit that was just made', async () => {
    const resume = await openPage(browser, visitor);
    await Promise.all([resume.waitForResponse('**/visits'), resume.goto(server.origin)]);
    const page = await openSignedIn();
    for (const name of ['Visits', 'Visitors', 'Hits']) await figureShows(page, name, '1');
    assert.deepEqual(await rowsOf(page, 'Properties'), [`${server.property}\t1`]);
    assert.deepEqual(await rowsOf(page, 'Places'), ['unknown\t1']);
    const today = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
    const log = page.locator('.log tbody tr');
    await log.waitFor();
    assert.match(await log.innerText(), new RegExp(`^${today.format()}, \\d\\d:\\d\\d\tunknown$`));

    await Promise.all([resume.waitForResponse('**/visits'), resume.reload()]);
    await page.getByRole('button', { name: 'Refresh' }).click();
    await figureShows(page, 'Visits', '2');
    await figureShows(page, 'Visitors', '1');
    await resume.context().close();
    await page.context().close();
  });

  test('counts only the days of the period, and lists those without a visit', async () => {
    for (const ago of [0, 2, 2, 20, 60, 200]) await server.post(visitOn(ago, 'Leeds'));
    const page = await openSignedIn();
    await page.getByText('The same as a table').click();
    for (const [period, visits, days] of [
      ['30 days', '4', 30],
      ['7 days', '3', 7],
      ['90 days', '5', 90],
      ['All time', '6', 201],
    ]) {
      await choose(page, period);
      await figureShows(page, 'Visits', visits);
      const table = page.getByRole('table', { name: 'Visits per day' }).locator('tbody tr');
      assert.equal(await table.count(), days, period);
      const [today, yesterday, before] = await table.locator('td:nth-child(2)').allInnerTexts();
      assert.deepEqual([today, yesterday, before], ['1', '0', '2'], period);
    }
    const chart = await page.getByRole('img', { name: /^Visits per day/ }).getAttribute('aria-label');
    assert.match(chart, /^Visits per day from .*, 2 visits, /);
    const { width, height } = await page.getByRole('img', { name: /^Visits per day/ }).boundingBox();
    await page.getByRole('img', { name: /^Visits per day/ }).hover({ position: { x: width - 1, y: height / 2 } });
    await page.locator('.readout', { hasText: /^\d+ \w+ \d+, 1 visit, 1 visitor$/ }).waitFor();
    await page.context().close();
  });

  test('shows the busiest property where nobody has come to the page beside it', async () => {
    await server.post({ propertyId: 'a.example.com/', place: 'Leeds' });
    for (const place of ['Bristol', 'Porto']) await server.post({ propertyId: 'b.example.com/', place });
    const page = await openSignedIn();
    await figureShows(page, 'Visits', '2');
    const property = page.getByLabel('Property');
    assert.equal(await property.inputValue(), 'b.example.com/');
    await property.selectOption('a.example.com/');
    await figureShows(page, 'Visits', '1');
    assert.deepEqual(await rowsOf(page, 'Places'), ['Leeds\t1']);
    await property.selectOption(server.property);
    await page.getByText('No visits in this period.').waitFor();
    await page.context().close();
  });

  test('says what was not recorded, and why', async () => {
    for (const skipped of ['owner', 'crawler', 'crawler']) {
      const body = JSON.stringify({ propertyId: server.property, skipped });
      await fetch(`${server.origin}/visits`, { method: 'POST', body });
    }
    const page = await openSignedIn();
    await page.getByRole('heading', { name: 'Not recorded' }).waitFor();
    assert.deepEqual(await rowsOf(page, 'Not recorded'), [
      'Crawlers that say what they are\t2',
      'Your own browsers, with counting turned off\t1',
    ]);
    await page.context().close();
  });

  test('says that there is nothing yet', async () => {
    const page = await openSignedIn();
    await figureShows(page, 'Visits', '0');
    await page.getByText('No visits in this period.').waitFor();
    await page.getByText('Every page view of this period was recorded.').waitFor();
    await choose(page, 'All time');
    await page.getByText('No visit has been recorded yet.').waitFor();
    assert.equal(await page.getByRole('heading', { name: 'Download' }).count(), 0);
    assert.deepEqual([page.seen.console, page.seen.errors], [[], []]);
    await page.context().close();
  });

  test('pages through the latest visits and back', async () => {
    for (let index = 1; index <= 45; index += 1) await server.post(visitOn(index / 100, `Place ${index}`));
    const page = await openSignedIn();
    const places = page.locator('.log tbody td');
    const shows = (first, last) =>
      page.waitForFunction(
        (wanted) => {
          const cells = [...document.querySelectorAll('.log tbody td')].map((cell) => cell.textContent);
          return cells.at(0) === wanted[0] && cells.at(-1) === wanted[1];
        },
        [`Place ${first}`, `Place ${last}`],
      );
    await shows(1, 20);
    await page.getByRole('button', { name: 'Older' }).click();
    await shows(21, 40);
    await page.getByRole('button', { name: 'Older' }).click();
    await shows(41, 45);
    await page.getByText('Page 3').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Older' }).getAttribute('aria-disabled'), 'true');
    await page.getByRole('button', { name: 'Newer' }).click();
    await shows(21, 40);
    assert.equal(await places.count(), 20);
    await page.context().close();
  });

  test('downloads every visit of the choice as CSV and as JSON', async () => {
    const hostile = '=HYPERLINK("https://example.com","São Paulo, BR")';
    await server.post(visitOn(50, 'Too long ago'));
    await server.post(visitOn(3, hostile));
    const places = Array.from({ length: 1_050 }, (_, index) => `Place ${index}`);
    for (let at = 0; at < places.length; at += 25) {
      await Promise.all(places.slice(at, at + 25).map((place) => server.post(visitOn(1, place))));
    }
    const page = await openSignedIn();
    async function download(format) {
      const button = page.getByRole('button', { name: format, exact: true });
      const [file] = await Promise.all([page.waitForEvent('download'), button.click()]);
      await page.getByText('Saved 1,051 visits').waitFor();
      return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
    }
    const json = await download('JSON');
    assert.match(json.name, /^visits-127\.0\.0\.1-\d+-30-days\.json$/);
    const visits = JSON.parse(json.text);
    assert.deepEqual(visits.map(({ place }) => place).sort(), [hostile, ...places].sort());
    assert.deepEqual(Object.keys(visits[0]), ['id', 'propertyId', 'date', 'place']);
    assert.equal(new Set(visits.map(({ id }) => id)).size, 1_051);

    const csv = await download('CSV');
    const lines = csv.text.split('\r\n');
    assert.equal(lines[0], '\ufeffid,propertyId,date,place');
    assert.equal(lines.length, 1_053);
    const { id, propertyId, date } = visits.at(-1);
    assert.equal(
      lines[1_051],
      `"${id}","${propertyId}","${date}","'=HYPERLINK(""https://example.com"",""São Paulo, BR"")"`,
    );
    assert.deepEqual([page.seen.console, page.seen.errors, page.seen.violations], [[], [], []]);
    await page.context().close();
  });

  test('refuses a wrong token with a sentence', async () => {
    const page = await open();
    for (const wrong of ['not-the-token', 'ключ', 'two words']) {
      await signIn(page, wrong);
      await page.getByRole('alert').filter({ hasText: 'The server does not know this token.' }).waitFor();
      assert.equal(await page.getByLabel('Owner token').getAttribute('aria-invalid'), 'true');
    }
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
    assert.deepEqual(page.seen.errors, []);
    await signIn(page);
    await page.getByLabel('Property').waitFor();
    await page.context().close();
  });

  test('signs in by a code that works once, and takes it out of the address', async () => {
    const signedIn = `${server.origin}/dashboard/`;
    const page = await openPage(browser, visitor);
    const address = `${signedIn}#code=${await server.code()}`;
    await page.goto(address);
    await page.getByLabel('Property').waitFor();
    assert.equal(page.url(), signedIn);
    assert.deepEqual(await page.evaluate(() => Object.values(sessionStorage)), [token]);

    const other = await openPage(browser, visitor);
    await other.goto(address);
    await other.getByRole('alert').filter({ hasText: 'This code has been used' }).waitFor();
    assert.equal(other.url(), signedIn);
    assert.equal(await other.evaluate(() => sessionStorage.length), 0);
    // In the tab that has the page already.
    await other.goto(`${signedIn}#code=${await server.code()}`);
    await other.getByLabel('Property').waitFor();
    assert.equal(other.url(), signedIn);
    assert.deepEqual([page.seen.errors, other.seen.errors], [[], []]);
    await other.context().close();
    await page.context().close();
  });

  test('keeps the token for this tab alone, until it is told to forget it', async () => {
    const page = await open();
    await signIn(page, `  ${token}\n`);
    await figureShows(page, 'Visits', '0');
    await page.reload();
    await figureShows(page, 'Visits', '0');
    const kept = await page.evaluate(() => [Object.values(sessionStorage), localStorage.length, document.cookie]);
    assert.deepEqual(kept, [[token], 0, '']);

    const other = await page.context().newPage();
    await other.goto(`${server.origin}/dashboard/`);
    await other.getByLabel('Owner token').waitFor();

    await page.getByRole('button', { name: 'Forget token' }).click();
    await page.getByLabel('Owner token').waitFor();
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
    await page.reload();
    await page.getByLabel('Owner token').waitFor();
    await page.context().close();
  });

  test('asks for the token again once it is no longer the owner’s', async () => {
    const page = await openSignedIn();
    await figureShows(page, 'Visits', '0');
    await page.route('**/visits/summary?*', (route) => route.fulfill({ status: 401, json: { message: 'No.' } }));
    await choose(page, '90 days');
    await page.getByRole('alert').filter({ hasText: 'The server does not know this token.' }).waitFor();
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
    assert.deepEqual(page.seen.errors, []);
    await page.context().close();
  });

  const failures = {
    'cannot be reached': [(route) => route.abort('connectionrefused'), 'The server does not answer.'],
    'has no store': [(route) => route.fulfill({ status: 503, json: { message: 'Later.' } }), 'an error: Later.'],
    'answers something else': [(route) => route.fulfill({ body: '<html>' }), 'The server does not answer.'],
  };
  for (const [what, [answer, sentence]] of Object.entries(failures)) {
    test(`says so when the API ${what}, and tries again`, async () => {
      const page = await openSignedIn();
      await figureShows(page, 'Visits', '0');
      await page.route('**/visits/summary?*', answer);
      await page.getByRole('button', { name: 'Refresh' }).click();
      await page.getByRole('alert').filter({ hasText: sentence }).waitFor();
      assert.equal(await page.locator('.figures').count(), 0);
      await page.unroute('**/visits/summary?*');
      await page.getByRole('button', { name: 'Try again' }).click();
      await figureShows(page, 'Visits', '0');
      assert.deepEqual(page.seen.errors, []);
      await page.context().close();
    });
  }

  test('waits 10 seconds for an answer, and says that it waits', async () => {
    const page = await openPage(browser, visitor);
    await holdTimeouts(page);
    await page.goto(`${server.origin}/dashboard/`);
    const asked = page.waitForRequest('**/visits/summary?*');
    await page.route('**/visits/summary?*', () => {});
    await signIn(page);
    await page.getByRole('button', { name: 'Checking…' }).waitFor();
    await asked;
    assert.ok((await runOut(page)).includes(10_000));
    await page.getByRole('alert').filter({ hasText: 'The server does not answer.' }).waitFor();
    await page.context().close();
  });

  test('waits and asks again when it has asked too often', async () => {
    const page = await openSignedIn();
    await figureShows(page, 'Visits', '0');
    await server.post(visitOn(0, 'Leeds'));
    let answers = 0;
    await page.route('**/visits/summary?*', (route) => {
      answers += 1;
      return answers > 2 ? route.continue() : route.fulfill({ status: 429, json: { message: 'Too Many Requests' } });
    });
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.getByRole('status').filter({ hasText: 'Waiting a moment' }).waitFor();
    await figureShows(page, 'Visits', '1');
    assert.equal(await page.getByText('Waiting a moment').count(), 0);
    // And once more for the days before.
    await page.waitForLoadState('networkidle');
    assert.equal(answers, 4);
    await page.context().close();
  });

  test('shows the numbers although the counter does not answer', async () => {
    const page = await open();
    await page.route('**/counter?*', (route) => route.abort('connectionrefused'));
    await signIn(page);
    await figureShows(page, 'Hits', '–');
    await figureShows(page, 'Visits', '0');
    await page.context().close();
  });

  test('loads nothing from elsewhere, and tells nobody the token', async () => {
    await server.post(visitOn(0, 'Leeds'));
    const page = await openSignedIn();
    await page.locator('.log').waitFor();
    await choose(page, '90 days');
    await page.waitForLoadState('networkidle');
    const strangers = page.seen.requests.filter((url) => new URL(url).origin !== server.origin);
    assert.deepEqual(strangers, []);
    assert.ok(page.seen.requests.every((url) => !url.includes(token)));
    assert.deepEqual([page.seen.console, page.seen.errors, page.seen.violations], [[], [], []]);
    assert.equal(page.url(), `${server.origin}/dashboard/`);
    // Looking at visits is none: neither the counter nor the log goes up.
    assert.equal((await server.summary()).visits, 1);
    await figureShows(page, 'Hits', '0');
    await page.context().close();
  });

  test('has a strict policy, and no place in search engines', async () => {
    const page = await open();
    const meta = (name) => page.locator(`meta[${name}]`).getAttribute('content');
    assert.match(
      await meta('http-equiv=Content-Security-Policy'),
      /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; .*; base-uri 'none'; form-action 'none'$/,
    );
    assert.equal(await meta('name=robots'), 'noindex');
    await page.context().close();
  });

  test('says without scripts why it is empty', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${server.origin}/dashboard/`);
    assert.match(await page.locator('main').innerText(), /with WebAssembly, which does not run here: scripts are turned off/);
    await context.close();
  });

  for (const [name, viewport] of Object.entries(windows)) {
    test(`is clean for axe and fits on a ${name}`, async () => {
      for (let index = 0; index < 12; index += 1) {
        await server.post(visitOn(index, `A place with a long name, and of number ${index}`));
      }
      await server.post({ propertyId: `example.com/${'long'.repeat(40)}`, place: 'Leeds' });
      const page = await open({ viewport });
      await assertAccessible(page);
      await signIn(page, 'wrong');
      await page.getByRole('alert').filter({ hasText: 'token' }).waitFor();
      await assertAccessible(page);
      await signIn(page);
      await page.locator('.log').waitFor();
      await page.getByText('The same as a table').click();
      await page.getByRole('button', { name: 'Show 4 more' }).click();
      await assertAccessible(page);
      await page.route('**/visits/summary?*', (route) => route.abort());
      await choose(page, '7 days');
      await page.getByRole('alert').waitFor();
      await assertAccessible(page);
      await page.context().close();
    });
  }

  test('can be worked by keyboard alone', async () => {
    await server.post(visitOn(0, 'Leeds'));
    const page = await open();
    await page.getByLabel('Owner token').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.type(token);
    await page.keyboard.press('Enter');
    await figureShows(page, 'Visits', '1');
    await page.getByLabel('30 days').focus();
    const answer = page.waitForResponse('**/visits/summary?*');
    await page.keyboard.press('ArrowRight');
    await answer;
    assert.ok(await page.getByLabel('90 days').isChecked());
    assert.ok(await page.getByLabel('90 days').evaluate((input) => input === document.activeElement));
    await page.context().close();
  });
});
