// The list of crawlers that page and function have is isbot's.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const shared = new URL('../../shared/', import.meta.url);
const list = (await readFile(new URL('src/crawlers.txt', shared), 'utf8')).trimEnd();

test('the list of crawlers is that of the npm package isbot', () => {
  const { getPattern } = createRequire(new URL('../../site/package.json', import.meta.url))('isbot');
  assert.equal(list, getPattern().source);
});

test('a browser finds the crawlers among sixty user agents', async () => {
  const agents = JSON.parse(await readFile(new URL('tests/user-agents.json', shared), 'utf8'));
  assert.equal(agents.length, 60);
  const pattern = new RegExp(list, 'i');
  for (const { userAgent, isCrawler } of agents) assert.equal(pattern.test(userAgent), isCrawler, userAgent);
});
