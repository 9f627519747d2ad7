// The main journeys through the pages in three engines. `ENGINES=webkit` tries one of
// them; `PICTURES=<folder>` keeps a picture of each page.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { startServer, token } from '../server.js';
import { ENGINES, HAVE_NO_WEB_ASSEMBLY, HAVE_PRIVACY_CONTROL, start } from './engines.js';
import { asVisitor } from './visitor.js';

const chosen = process.env.ENGINES?.split(',') ?? ENGINES;
const pictures = process.env.PICTURES;
if (pictures) await mkdir(pictures, { recursive: true });

/** Asks the page until it says yes; fails with what it said last. */
async function until(tab, code, ...args) {
  for (let tries = 0; ; tries += 1) {
    // A page that is left while it is asked has no answer.
    const said = await tab.run(code, ...args).catch((error) => error.message);
    if (said === true) return;
    if (tries === 150) assert.fail(`${code}: ${said}`);
    await setTimeout(100);
  }
}

const counterShows = (tab, number) =>
  until(tab, (wanted) => {
    const shown = document.querySelector('#counter').textContent;
    return shown === wanted || shown;
  }, String(number));

const pageShows = (tab, text) =>
  until(tab, (wanted) => document.body.innerText.includes(wanted) || document.body.innerText, text);

/** Keeps a picture, so that somebody can look at it. */
async function look(tab, name) {
  if (pictures) await tab.picture(path.join(pictures, `${name}.png`));
}

for (const engine of chosen) {
  describe(engine, () => {
    describe('a visitor', () => {
      let tab, server;
      before(async () => {
        server = await asVisitor(await startServer('--demo'));
        tab = await start(engine);
        await tab.resize(1200, 900);
      });
      after(async () => {
        await tab?.close();
        await server?.stop();
      });

      const skipped = async (reason) => {
        const { skipped: all } = await server.summary();
        return all.find((one) => one.reason === reason)?.visits ?? 0;
      };

      test('is counted once a view, and not again from the back-forward cache', async () => {
        await tab.goto(server.origin);
        await counterShows(tab, 1);
        await until(tab, () => getComputedStyle(document.querySelector('#counter')).visibility === 'visible');
        await look(tab, `resume-${engine}`);
        await tab.reload();
        await counterShows(tab, 2);
        await tab.run(() => void (window.isKept = true));
        await tab.goto(`${server.origin}/robots.txt`);
        await tab.back();
        await until(tab, () => /\d/.test(document.querySelector('#counter')?.textContent) || document.body.innerText);
        // Where the engine did not keep the page, it is loaded anew, which is a view.
        const isLoaded = await tab.run(() => !window.isKept);
        await counterShows(tab, isLoaded ? 3 : 2);
        assert.equal(await server.count(), isLoaded ? 3 : 2);
      });

      test('who is the owner is not counted, from #count-off to #count-on', async () => {
        const hits = await server.count();
        await tab.goto(`${server.origin}/robots.txt`);
        await tab.goto(`${server.origin}/#count-off`);
        await pageShows(tab, 'Visits from this browser are no longer counted.');
        await counterShows(tab, hits);
        await tab.goto(`${server.origin}/robots.txt`);
        await tab.goto(server.origin);
        await counterShows(tab, hits);
        assert.equal(await skipped('owner'), 2);
        await tab.goto(`${server.origin}/robots.txt`);
        await tab.goto(`${server.origin}/#count-on`);
        await pageShows(tab, 'Visits from this browser are counted.');
        await counterShows(tab, hits + 1);
      });

      test('finds a job by keyboard alone', async () => {
        await tab.goto(`${server.origin}/jobs/`);
        await pageShows(tab, 'offers');
        await until(tab, () => document.querySelectorAll('.offers article').length > 0 || document.body.innerText);
        await look(tab, `jobs-${engine}`);
        await tab.run(() => document.querySelector('input[name=city]').focus());
        const city = await tab.run(() => document.querySelector('.offers .place')?.textContent ?? '');
        await tab.type('Nowhere at all');
        await tab.press('Enter');
        await pageShows(tab, 'No offer matches.');
        assert.ok(await tab.run(() => document.activeElement.name === 'city'), city);
        await tab.back();
        await until(tab, () => document.querySelectorAll('.offers article').length > 0 || document.body.innerText);
      });

      test('who has the token sees the visits', async () => {
        await tab.goto(`${server.origin}/dashboard/`);
        await pageShows(tab, 'Owner token');
        await tab.run(() => document.querySelector('#token').focus());
        await tab.type('not-the-token-of-the-owner');
        await tab.press('Enter');
        await pageShows(tab, 'The server does not know this token.');
        await tab.run(() => document.querySelector('#token').select());
        await tab.type(token);
        await tab.press('Enter');
        await pageShows(tab, 'Latest visits');
        await look(tab, `dashboard-${engine}`);
        const isKept = await tab.run(() => sessionStorage.length === 1 && localStorage.length === 0);
        assert.ok(isKept);
      });
    });

    test('who comes with a code is signed in, and the code leaves the address', async () => {
      const server = await startServer();
      const tab = await start(engine);
      await tab.goto(`${server.origin}/dashboard/#code=${await server.code()}`);
      await pageShows(tab, 'Forget token');
      assert.equal(await tab.run(() => location.href), `${server.origin}/dashboard/`);
      await tab.close();
      await server.stop();
    });

    test('who sends Global Privacy Control is not counted', async () => {
      const hasOwn = HAVE_PRIVACY_CONTROL.includes(engine);
      const server = await asVisitor(await startServer(), { privacyControl: !hasOwn });
      const tab = await start(engine, 'privacyControl');
      await tab.goto(server.origin);
      await counterShows(tab, 0);
      assert.deepEqual((await server.summary()).skipped, [{ reason: 'global-privacy-control', visits: 1 }]);
      await tab.close();
      await server.stop();
    });

    for (const setting of ['noScripts', 'noWebAssembly']) {
      test(`every page says what it lacks: ${setting}`, async () => {
        const hasOwn = HAVE_NO_WEB_ASSEMBLY.includes(engine);
        const server = await asVisitor(await startServer(), { webAssembly: setting !== 'noWebAssembly' || hasOwn });
        const tab = await start(engine, setting);
        await tab.goto(server.origin);
        await pageShows(tab, 'Maren Okonjo');
        await until(tab, () => {
          const { display, visibility } = getComputedStyle(document.querySelector('.visits'));
          return display === 'none' || visibility === 'hidden' || `${display} ${visibility}`;
        });
        for (const folder of ['dashboard', 'jobs']) {
          await tab.goto(`${server.origin}/${folder}/`);
          await pageShows(tab, 'which does not run here');
          const waits = () => {
            const loading = document.querySelector('.loading');
            return Boolean(loading) && getComputedStyle(loading).display !== 'none';
          };
          assert.equal(await tab.run(waits), false);
        }
        await look(tab, `${setting}-${engine}`);
        await tab.close();
        await server.stop();
      });
    }
  });
}
