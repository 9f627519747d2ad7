// Résumés in four scripts and one that is wrong in many ways, in every look: on a
// screen, on paper, in reader mode, and without WebAssembly.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';

import { assertAccessible, overflow } from '../accessible.js';
import { launch, openPage } from '../browser.js';
import { LOOKS, RESUMES, buildResume, readResume, writeResume } from '../resumes.js';
import { build, run } from '../server.js';
import { startStatic } from '../static.js';

const WIDTHS = [320, 390, 768, 1280];
const PAPERS = ['a4', 'letter'];

/** The most sheets that each may take; a long career fits two where it is dense. */
const SHEETS = { 'career-compact': 2, career: 3, default: 1 };

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

        test('is free of what axe finds, light and dark', async () => {
          const page = await openPage(browser);
          await page.goto(server.origin);
          await assertAccessible(page);
          await page.context().close();
        });

        test('is whole and in order on paper, for two extractors', async (context) => {
          const page = await openPage(browser);
          await page.goto(server.origin);
          await page.emulateMedia({ media: 'print' });
          const columns = await page.evaluate(printed);
          const title = await page.title();
          await page.context().close();
          await Promise.all(PAPERS.map(async (paper) => {
            const pdf = path.join(built.home, `${paper}.pdf`);
            await run('pdf', '--out', pdf, '--resume', built.file, '--paper', paper);
            const about = await output('pdfinfo', pdf);
            assert.match(about, /^Tagged: +yes$/m);
            assert.ok(about.includes(title), about);
            const outline = await output('mutool', 'show', pdf, 'outline');
            assert.ok(outline.trim().split('\n').length > 3, outline);
            const sheets = Number(about.match(/^Pages: +(\d+)$/m)[1]);
            const most = SHEETS[`${name}-${look}`] ?? SHEETS[name] ?? SHEETS.default;
            context.diagnostic(`${paper}: ${sheets} sheets`);
            assert.ok(sheets <= most, `${sheets} sheets`);
            if (name === 'arabic') {
              for (const extract of [['pdftotext', pdf, '-'], ['mutool', 'draw', '-q', '-F', 'txt', pdf]]) {
                assertWords(await output(...extract), columns.flat());
              }
              return;
            }
            const extractors = [['pdftotext', '-raw', pdf, '-'], ['mutool', 'draw', '-q', '-F', 'txt', pdf]];
            // It sorts a page by its lines, which two columns share.
            if (look !== 'sidebar') extractors.push(['pdftotext', pdf, '-']);
            for (const extract of extractors) {
              const text = bare(await output(...extract));
              for (const column of columns) assertInOrder(text, column, extract.join(' '));
            }
          }));
        });
      });
    }
  }

  test('keeps every text in reader mode', async () => {
    const script = createRequire(import.meta.url).resolve('@mozilla/readability/Readability.js');
    const all = ['career', 'cyrillic', 'arabic', 'han'].flatMap((name) => LOOKS.map((theme) => [name, theme]));
    for (const [name, theme] of all) {
      const built = await buildResume(name, { theme });
      const server = await startStatic(built.folder);
      const page = await openPage(browser, { bypassCSP: true });
      await page.goto(server.origin);
      const texts = (await page.evaluate(printed)).flat();
      await page.addScriptTag({ content: await readFile(script, 'utf8') });
      const article = bare(await page.evaluate(() => {
        const { title, byline, textContent } = new Readability(document.cloneNode(true)).parse();
        return [title, byline, textContent].join(' ');
      }));
      const missing = texts.map(bare).filter((text) => !article.includes(text));
      assert.deepEqual(missing, [], `${name}, ${theme}`);
      await page.context().close();
      await server.stop();
      await built.remove();
    }
  });

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

  test('shows a photo from elsewhere that redirects to a third host', async () => {
    const written = await writeResume('career');
    const folder = path.join(written.home, 'site');
    const portrait = await readFile(path.join(written.home, 'portrait é 1.png'));
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => path.join(written.home, name));
    await output('openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-subj', '/CN=a');
    const photos = createServer({ key: await readFile(key), cert: await readFile(cert) }, (request, response) => {
      const location = `https://avatars.example:${photos.address().port}/1.png`;
      if (request.url === '/1.png') response.end(portrait);
      else response.writeHead(302, { location }).end();
    });
    await new Promise((listening) => photos.listen(0, '127.0.0.1', listening));
    const resume = await readResume('career');
    resume.basics.image = `https://profiles.example:${photos.address().port}/ada`;
    await writeFile(written.file, JSON.stringify(resume));
    await build(folder, '--resume', written.file);
    const server = await startStatic(folder);
    const strangers = await launch('--ignore-certificate-errors', '--host-resolver-rules=MAP *.example 127.0.0.1');
    try {
      const page = await openPage(strangers);
      await page.goto(server.origin);
      const width = await page.locator('.portrait').evaluate(async (image) => {
        await image.decode();
        return image.naturalWidth;
      });
      assert.ok(width > 0);
      assert.deepEqual(page.seen.violations, []);
    } finally {
      await strangers.close();
      await server.stop();
      photos.close();
      await written.remove();
    }
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
      assert.equal(await page.locator('.loading').filter({ visible: true }).count(), 0);
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
      reported.push(route.request().postDataJSON());
      return route.fulfill({ status: 201, json: {} });
    });
    await page.route('**/counter?*', (route) => route.fulfill({ json: { count: 1 } }));
    await page.goto(server.origin);
    await page.locator('#counter', { hasText: '1' }).waitFor();
    const host = new URL(server.origin).host;
    const download = async (link) => {
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: link, exact: true }).click(),
      ]);
      return file.suggestedFilename();
    };
    assert.deepEqual([await download('PDF'), await download('JSON')], ['陈示例.pdf', '陈示例.json']);
    const names = reported.map(({ propertyId }) => propertyId);
    assert.deepEqual(names, [`${host}/`, `${host}/resume.pdf`, `${host}/resume.json`]);
    // The owner turns counting off in the open page.
    await page.evaluate(() => { location.hash = 'count-off'; });
    await download('JSON');
    assert.deepEqual(reported.at(-1), { propertyId: `${host}/resume.json`, skipped: 'owner' });
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

/** The texts that are printed, each column of the page for itself. */
function printed() {
  const texts = (root, beside) => {
    const found = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { parentElement: parent, data } = walker.currentNode;
      if (beside !== undefined && Boolean(parent.closest('.beside')) !== beside) continue;
      if (parent.closest('.visits, .downloads') || !parent.checkVisibility() || !data.trim()) continue;
      found.push(data);
    }
    return found;
  };
  const main = document.querySelector('main');
  return [texts(main, false), texts(main, true)];
}

/** A text without what layout adds or drops: spaces, marks of direction, hyphens, the forms of ligatures. */
function bare(text) {
  return text
    .normalize('NFKC')
    // The font has one glyph for both, and the PDF names it by the radical.
    .replaceAll('\u2ed3', '\u957f')
    .replaceAll(/[\s\u00ad\u200b-\u200f\u202a-\u202e\u2066-\u2069\f-]/g, '');
}

function assertInOrder(text, parts, extractor) {
  let at = 0;
  for (const part of parts.map(bare)) {
    const found = text.indexOf(part, at);
    assert.ok(found >= 0, `${extractor} ${text.includes(part) ? 'moves' : 'loses'} ${part}\n${text.slice(at, at + 300)}`);
    at = found + part.length;
  }
}

/**
 * Where a line runs to both sides, the extractors differ on the order of its words and of the letters in
 * them, and part words at their marks.
 */
function assertWords(text, parts) {
  const words = (of) => of.normalize('NFKC').match(/[\p{L}\p{M}]+/gu) ?? [];
  const letters = (word) => [...word].sort().join('');
  const found = new Set(words(text).map(letters));
  const missing = parts.flatMap(words).filter((word) => !/\p{M}/u.test(word) && !found.has(letters(word)));
  assert.deepEqual(missing, []);
}

async function output(program, ...args) {
  return (await promisify(execFile)(program, args, { maxBuffer: 1e8 })).stdout;
}
