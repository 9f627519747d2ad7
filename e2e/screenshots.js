// Takes the pictures of the page that the README shows.

import { fileURLToPath } from 'node:url';

import { counterShows, launch, openPage, windows } from './browser.js';
import { startServer } from './server.js';

const pictures = {
  'page-light.png': { viewport: windows.desktop, colorScheme: 'light' },
  'page-dark.png': { viewport: windows.desktop, colorScheme: 'dark' },
  'page-phone.png': { viewport: windows.phone, colorScheme: 'light', deviceScaleFactor: 2 },
};

const server = await startServer();
const browser = await launch();
for (const [name, look] of Object.entries(pictures)) {
  const page = await openPage(browser, look);
  // A page that has had visitors looks better than one that has not.
  await page.route('**/counter?*', (route) => route.fulfill({ json: { count: 1234 } }));
  await page.goto(server.origin);
  await counterShows(page, '1,234');
  const path = fileURLToPath(new URL(`../docs/${name}`, import.meta.url));
  await page.screenshot({ path });
  console.log(path);
}
await browser.close();
await server.stop();
