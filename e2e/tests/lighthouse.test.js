// Lighthouse, as it rates the built page on a slow phone.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';

import lighthouse from 'lighthouse';

import { launchWhole } from '../browser.js';
import { writeResume } from '../resumes.js';
import { startServer } from '../server.js';

// Performance is a measurement, and other work on the machine disturbs it: the
// best of these runs counts.
const RUNS = 6;

/** The sample, and résumés in other scripts and looks. */
const RESUMES = [[], ['career', 'sidebar'], ['cyrillic', 'compact'], ['arabic', 'classic'], ['han', 'sidebar']];

describe('lighthouse', () => {
  let browser, port;
  before(async () => {
    port = await freePort();
    browser = await launchWhole(`--remote-debugging-port=${port}`);
  });
  after(() => browser?.close());

  async function rate(origin) {
    const { lhr } = await lighthouse(origin, { port, logLevel: 'error', disableFullPageScreenshot: true });
    const audits = Object.values(lhr.audits);
    const scores = Object.values(lhr.categories).map(({ id, score }) => [id, Math.round(score * 100)]);
    const lost = Object.values(lhr.categories).flatMap(({ auditRefs }) =>
      auditRefs
        .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 1)
        .map(({ id }) => `${id}: ${lhr.audits[id].displayValue ?? lhr.audits[id].title}`),
    );
    // An audit that could not be made says nothing of the page, and leaves its
    // whole category without a score.
    const failed = audits.filter(({ scoreDisplayMode }) => scoreDisplayMode === 'error');
    return { ...Object.fromEntries(scores), lost, failed: failed.map(({ id, errorMessage }) => `${id}: ${errorMessage}`) };
  }

  for (const [name, theme] of RESUMES) {
    test(`gives ${name ?? 'the sample'} 100 in every category`, async (context) => {
      const written = name && (await writeResume(name, { theme }));
      const server = await startServer(...(written ? ['--resume', written.file] : []));
      let best = 0;
      try {
        for (let run = 0; run < RUNS && best < 100; run += 1) {
          const { performance, lost, failed, ...others } = await rate(server.origin);
          context.diagnostic(`performance ${performance}, others ${JSON.stringify(others)}, lost ${lost}, failed ${failed}`);
          if (failed.length > 0) continue;
          assert.deepEqual(others, { accessibility: 100, 'best-practices': 100, seo: 100 }, lost.join('\n'));
          best = Math.max(best, performance);
        }
      } finally {
        await server.stop();
        await written?.remove();
      }
      assert.equal(best, 100);
    });
  }
});

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}
