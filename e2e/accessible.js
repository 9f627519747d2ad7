// What axe-core finds on a page, by day and by night.

import assert from 'node:assert/strict';

import axe from 'axe-core';

/** Faults against WCAG 2.2 AA, and bad practice. */
const RULES = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };

/** Those of them that look at colours: all else is the same at night. */
const RULES_OF_COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

/** Fails where axe-core finds a fault in the page, light or dark, or the page scrolls sideways. */
export async function assertAccessible(page) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  assert.deepEqual(await faults(page, 'light', RULES), []);
  assert.deepEqual(await faults(page, 'dark', RULES_OF_COLOURS), []);
  await page.emulateMedia({ colorScheme: null });
  assert.equal(await page.evaluate(overflow), 0);
}

/** By how many pixels a page is wider than its window. */
export function overflow() {
  return document.documentElement.scrollWidth - document.documentElement.clientWidth;
}

async function faults(page, colorScheme, runOnly) {
  await page.emulateMedia({ colorScheme });
  const { violations } = await page.evaluate((options) => axe.run(options), { runOnly, resultTypes: ['violations'] });
  return violations.map(({ id, nodes }) => `${colorScheme}: ${id}: ${nodes.map((node) => node.html)}`);
}
