// The built site in a folder of a plain server of files, asking an API
// elsewhere.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { counterShows, launchAsVisitor, openPage, visitor } from '../browser.js';
import { build, startServer, token } from '../server.js';
import { startStatic } from '../static.js';

describe('the site in a sub-directory of another host', () => {
  let folder, host, server, browser;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'resume-counter-'));
    host = await startStatic(folder);
    server = await startServer('--owner-origin', host.origin);
    await build(path.join(folder, 'cv'), '--base-url', 'https://example.org/cv/', '--api', server.origin);
    browser = await launchAsVisitor();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    await host?.stop();
    await rm(folder, { recursive: true });
  });

  function assertQuiet(page) {
    const { console, errors, violations } = page.seen;
    assert.deepEqual([console, errors, violations], [[], [], []]);
  }

  test('the page counts', async () => {
    const page = await openPage(browser, visitor);
    await page.goto(`${host.origin}/cv/`);
    await counterShows(page, '1');
    await page.reload();
    await counterShows(page, '2');
    await page.waitForFunction(() => document.images[0].naturalWidth > 0);
    assertQuiet(page);
    await page.context().close();
  });

  test('the owner signs in to the dashboard', async () => {
    const page = await openPage(browser, visitor);
    await page.goto(`${host.origin}/cv/dashboard/`);
    await page.getByLabel('Owner token').fill(token);
    await page.getByRole('button', { name: 'Show the visits' }).click();
    await page.getByLabel('Property').waitFor();
    assertQuiet(page);
    await page.context().close();
  });

  test('the job offers are listed, and lead back to the page', async () => {
    const offer = { city: 'Lyon', company_name: 'Pain et Cie', title: 'Boulanger', contract_type: 'Fixed term' };
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const posted = await fetch(`${server.origin}/v1/jobs`, { method: 'POST', body: JSON.stringify(offer), headers });
    assert.equal(posted.status, 201);
    const page = await openPage(browser, visitor);
    await page.goto(`${host.origin}/cv/jobs/`);
    await page.getByRole('heading', { name: 'Boulanger' }).waitFor();
    await page.getByRole('link', { name: 'Back to the résumé' }).click();
    await page.getByRole('heading', { level: 1, name: 'Maren Okonjo' }).waitFor();
    assertQuiet(page);
    await page.context().close();
  });
});
