// The page while its résumé is written: what is saved is on the screen.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { counterShows, launchAsVisitor, openPage, visitor } from '../browser.js';
import { startWatching } from '../server.js';

const EDITS = 20;

describe('while the résumé is written', () => {
  let folder, file, server, browser;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'resume-counter-'));
    file = path.join(folder, 'resume.json');
    await save({ basics: { name: 'Ada' } });
    server = await startWatching(file);
    browser = await launchAsVisitor();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    await rm(folder, { recursive: true });
  });

  const save = (resume) => writeFile(file, typeof resume === 'string' ? resume : JSON.stringify(resume));
  const heading = (page, name) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor();

  test('what is saved is on the screen, without a reload and without a visit', async (context) => {
    const page = await openPage(browser, visitor);
    await page.goto(server.origin);
    await counterShows(page, '1');
    await page.evaluate(() => (window.mark = 'the same page'));
    const times = [];
    for (let edit = 0; edit < EDITS; edit += 1) {
      const name = `Ada ${edit}`;
      const start = performance.now();
      if (edit % 2) {
        await writeFile(`${file}.new`, JSON.stringify({ basics: { name } }));
        await rename(`${file}.new`, file);
      } else {
        await save({ basics: { name } });
      }
      await heading(page, name);
      times.push(performance.now() - start);
    }
    times.sort((one, other) => one - other);
    context.diagnostic(`from save to screen: p50 ${times[EDITS / 2].toFixed()} ms, p95 ${times[EDITS * 0.95 - 1].toFixed()} ms`);
    assert.equal(await page.title(), `Ada ${EDITS - 1}`);
    assert.equal(await page.evaluate(() => window.mark), 'the same page');
    await counterShows(page, '1');
    assert.deepEqual([page.seen.console, page.seen.errors, page.seen.violations], [[], [], []]);
    await page.context().close();
  });

  test('a mistake is on the screen with its place, over the last good page', async () => {
    const page = await openPage(browser, visitor);
    await save({ basics: { name: 'Grace' } });
    await page.goto(server.origin);
    await heading(page, 'Grace');
    await save({ basics: { name: 'Katherine' }, work: [{ startDate: '2021-13' }] });
    const mistake = page.getByRole('alert').getByRole('listitem');
    await mistake.waitFor();
    assert.match(await mistake.innerText(), /resume\.json.* work\[0\]\.startDate: /);
    await heading(page, 'Grace');
    await save({ basics: { name: 'Katherine' } });
    await heading(page, 'Katherine');
    await page.getByRole('alert').waitFor({ state: 'detached' });
    assert.deepEqual([page.seen.console, page.seen.errors, page.seen.violations], [[], [], []]);
    await page.context().close();
  });

  test('a picture that comes is on the screen', async () => {
    const page = await openPage(browser, visitor);
    await page.goto(server.origin);
    const picture = await readFile(new URL('../../site/images/portrait.png', import.meta.url));
    await writeFile(path.join(folder, 'my photo é.png'), picture);
    await save({ basics: { name: 'Ada', image: 'my photo é.png' } });
    const portrait = page.getByRole('img', { name: 'Portrait of Ada' });
    await portrait.waitFor();
    await page.waitForFunction(() => document.images[0].naturalWidth > 0);
    await page.context().close();
  });
});
