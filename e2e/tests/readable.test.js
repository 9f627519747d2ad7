// All three pages for people who change how they look, and for machines that read them.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { HtmlValidate } from 'html-validate';

import { launchAsVisitor, openPage } from '../browser.js';
import { startServer, token } from '../server.js';

/** The least that text may be spaced to without a loss: WCAG 2.2, 1.4.12. */
const SPACING = `* {
  line-height: 1.5 !important;
  letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important;
}
p { margin-bottom: 2em !important; }`;

/** What is about how HTML is written, which compresses; the rest is about what it says. */
const VALIDATOR = new HtmlValidate({
  extends: ['html-validate:standard'],
  // Its table takes `details` for sectioning content, which HTML no longer does.
  elements: ['html5', { details: { sectioning: false } }],
  rules: {
    'attr-quotes': 'off',
    'attribute-boolean-style': 'off',
    'attribute-empty-style': 'off',
    'doctype-style': 'off',
    'no-inline-style': 'off',
    'void-style': 'off',
    // Ours are shown and hidden, or are for one browser alone.
    'long-title': 'off',
    'no-trailing-whitespace': 'off',
    'require-sri': 'off',
  },
});

describe('everyone can read it:', () => {
  let server, browser;
  before(async () => {
    server = await startServer('--demo');
    browser = await launchAsVisitor();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const ready = {
    '/': (page) => page.locator('#counter', { hasText: /\d/ }).waitFor(),
    '/jobs/': (page) => page.locator('.offers article').first().waitFor(),
    '/dashboard/': async (page) => {
      await page.getByLabel('Owner token').fill(token);
      await page.keyboard.press('Enter');
      await page.locator('.log').waitFor();
    },
  };

  async function open(path, options) {
    const page = await openPage(browser, options);
    await page.goto(server.origin + path);
    await ready[path](page);
    return page;
  }

  for (const path of Object.keys(ready)) {
    test(`${path} waits for nothing in a text browser, which has neither scripts nor style sheets`, async () => {
      const page = await openPage(browser, { javaScriptEnabled: false });
      await page.route('**/*.css', (route) => route.abort());
      await page.goto(server.origin + path);
      const text = await page.locator('body').innerText();
      assert.doesNotMatch(text, /Views of this page|Loading|…/);
      await page.context().close();
    });

    test(`${path} fits at 400 % and with wide text, and cuts nothing off`, async () => {
      // A window of 1,280 pixels at 400 % has 320 of them for the page.
      for (const width of [320, 1280]) {
        const page = await open(path, { viewport: { width, height: 256 * 4 }, bypassCSP: true });
        for (const spacing of ['', SPACING]) {
          if (spacing) await page.addStyleTag({ content: spacing });
          const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(over <= 0, `${over} pixels too wide at ${width}${spacing && ', with wide text'}`);
          assert.deepEqual(await page.evaluate(cutOff), [], `at ${width}${spacing && ', with wide text'}`);
        }
        await page.context().close();
      }
    });

    test(`${path} shows what is chosen and what has the focus in forced colours`, async () => {
      const page = await open(path, { forcedColors: 'active' });
      assert.ok(await page.evaluate(() => matchMedia('(forced-colors: active)').matches));
      const [chosen, others] = await page.evaluate(choices);
      for (const look of chosen) assert.ok(!others.includes(look), look);
      await page.keyboard.press('Tab');
      const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
      assert.notEqual(outline, 'none');
      await page.context().close();
    });

    test(`${path} is HTML without an error, as it is sent and as its program leaves it`, async () => {
      const sent = await (await fetch(server.origin + path)).text();
      const page = await open(path);
      const left = await page.content();
      await page.context().close();
      for (const html of [sent, left]) {
        const { results } = await VALIDATOR.validateString(html);
        const found = results.flatMap(({ messages }) => messages);
        assert.deepEqual(found.map(({ ruleId, message, selector }) => `${ruleId}: ${message} ${selector}`), []);
      }
    });

    test(`${path} has a preview for links, and its icons are there`, async () => {
      const page = await open(path);
      for (const property of ['og:type', 'og:title', 'og:description']) {
        assert.ok(await page.locator(`meta[property="${property}"]`).getAttribute('content'), property);
      }
      assert.equal(await page.locator('meta[name="twitter:card"]').count(), 1);
      const icons = await page.$$eval('link[rel~=icon], link[rel=apple-touch-icon]', (all) => all.map(({ href }) => href));
      assert.equal(icons.length, 2);
      for (const icon of [...icons, `${server.origin}/favicon.ico`, `${server.origin}/apple-touch-icon.png`]) {
        const answer = await fetch(icon);
        assert.equal(answer.status, 200, icon);
        assert.match(answer.headers.get('content-type'), /^image\//, icon);
      }
      await page.context().close();
    });
  }
});

/** How the chosen periods look, and how the others do. */
function choices() {
  const inputs = [...document.querySelectorAll('input[type=radio]')];
  const look = ({ nextElementSibling: label }) => {
    const { backgroundColor, color } = getComputedStyle(label);
    // Forced colours keep the opacity, behind which is the same colour.
    return `${backgroundColor.replace(/rgba\((.*), 0\)/, 'rgb($1)')} ${color}`;
  };
  return [true, false].map((checked) => inputs.filter((input) => input.checked === checked).map(look));
}

/** Texts whose box shows only a part of them. */
function cutOff() {
  const hidden = ['hidden', 'clip'];
  return [...document.querySelectorAll('main *')]
    .filter((element) => {
      const { overflowX, overflowY, position, clipPath } = getComputedStyle(element);
      // What is for screen readers alone is cut off on purpose.
      if (position === 'absolute' && clipPath !== 'none') return false;
      const isWide = hidden.includes(overflowX) && element.scrollWidth > element.clientWidth + 1;
      const isHigh = hidden.includes(overflowY) && element.scrollHeight > element.clientHeight + 1;
      return element.textContent.trim() && (isWide || isHigh);
    })
    .map((element) => element.outerHTML.slice(0, 100));
}
