// Takes the pictures of the pages that the README shows, and with `--all <folder>`
// one of every look of the dashboard and the job board, to be looked at.

import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { counterShows, launch, openPage, windows } from './browser.js';
import { sampleOffers, sampleVisits } from './sample.js';
import { startServer } from './server.js';

const docs = fileURLToPath(new URL('../docs', import.meta.url));
const server = await startServer();
const browser = await launch();

const pages = {
  'page-light.png': { viewport: windows.desktop, colorScheme: 'light' },
  'page-dark.png': { viewport: windows.desktop, colorScheme: 'dark' },
  'page-phone.png': { viewport: windows.phone, colorScheme: 'light', deviceScaleFactor: 2 },
};
for (const [name, look] of Object.entries(pages)) {
  const page = await openPage(browser, look);
  // A page that has had visitors looks better than one that has not.
  await page.route('**/counter?*', (route) => route.fulfill({ json: { count: 1234 } }));
  await page.goto(server.origin);
  await counterShows(page, '1,234');
  await save(page, path.join(docs, name));
}

const property = 'okonjo.example.com/';
const sample = sampleVisits(property, new Date().toISOString().slice(0, 10), 30);
async function openDashboard(look) {
  const page = await openPage(browser, look);
  await page.route('**/counter?*', (route) => route.fulfill({ json: { count: 4821 } }));
  await page.route('**/visits?*', (route) => route.fulfill({ json: { visits: sample.log.slice(0, 20), next: 'more' } }));
  // The page beside the dashboard has other visitors than those of the sample.
  await page.route('**/visits/summary?*', (route) => {
    const query = new URL(route.request().url()).searchParams;
    const asked = query.get('propertyId');
    const isBefore = query.get('to') < sample.summary.days[0].date;
    const nobody = { ...sample.summary, propertyId: asked, visits: 0, days: [], places: [], sources: [], links: [], skipped: [] };
    const before = { ...sample.summary, visits: 388, uniques: 301 };
    if (isBefore) return route.fulfill({ json: before });
    return route.fulfill({ json: asked === property ? sample.summary : nobody });
  });
  await page.goto(`${server.origin}/dashboard/`);
  await page.getByLabel('Owner token').fill('a-token-that-any-stub-takes');
  await page.getByRole('button', { name: 'Show the visits' }).click();
  await page.getByRole('heading', { name: 'Download' }).waitFor();
  await page.locator('.log').waitFor();
  return page;
}

const dashboards = {
  'dashboard-light.png': { viewport: windows.desktop, colorScheme: 'light' },
  'dashboard-dark.png': { viewport: windows.desktop, colorScheme: 'dark' },
};
for (const [name, look] of Object.entries(dashboards)) {
  await save(await openDashboard(look), path.join(docs, name));
}

async function openJobs(look, query = '') {
  const page = await openPage(browser, look);
  const asked = new URLSearchParams(query);
  const json = sampleOffers().filter((offer) => [...asked].every(([name, value]) => offer[name] === value));
  const headers = asked.size ? {} : { link: '</v1/jobs?cursor=more>; rel="next"' };
  await page.route('**/v1/jobs?*', (route) => route.fulfill({ json, headers }));
  await page.goto(`${server.origin}/jobs/${query}`);
  await page.getByRole('status').filter({ hasText: 'offer' }).waitFor();
  return page;
}

const boards = {
  'jobs-light.png': { viewport: windows.desktop, colorScheme: 'light' },
  'jobs-phone.png': { viewport: windows.phone, colorScheme: 'dark', deviceScaleFactor: 2 },
};
for (const [name, look] of Object.entries(boards)) {
  await save(await openJobs(look), path.join(docs, name));
}

const [flag, folder] = process.argv.slice(2);
if (flag === '--all') {
  for (const [size, viewport] of Object.entries(windows)) {
    for (const colorScheme of ['light', 'dark']) {
      const page = await openDashboard({ viewport, colorScheme });
      await save(page, path.join(folder, `dashboard-${size}-${colorScheme}.png`), { fullPage: true });

      for (const [state, query] of Object.entries({ all: '', empty: '?city=Oslo', one: '?city=Porto' })) {
        const board = await openJobs({ viewport, colorScheme }, query);
        await save(board, path.join(folder, `jobs-${state}-${size}-${colorScheme}.png`), { fullPage: true });
      }
    }
  }
}
await browser.close();
await server.stop();

async function save(page, file, options = {}) {
  await page.screenshot({ path: file, ...options });
  await page.context().close();
  console.log(file);
}
