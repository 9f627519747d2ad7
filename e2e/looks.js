// Takes pictures of the résumés in resumes/, in every look, to be looked at:
// `node looks.js <folder>`; `node looks.js --docs` takes the one that docs/resume.md
// shows.

import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { launch, openPage } from './browser.js';
import { LOOKS, RESUMES, buildResume } from './resumes.js';
import { startStatic } from './static.js';

const [folder, only = ''] = process.argv.slice(2);
const browser = await launch();
if (folder === '--docs') {
  const looks = await Promise.all(LOOKS.map(pictureOf));
  const images = looks.map((png) => `<img width="540" src="data:image/png;base64,${png.toString('base64')}">`);
  const page = await openPage(browser, { viewport: { width: 1660, height: 640 } });
  await page.setContent(`<body style="margin:0;display:flex;gap:20px;background:#888">${images.join('')}`);
  await page.screenshot({ path: fileURLToPath(new URL('../docs/looks.png', import.meta.url)) });
  await browser.close();
  process.exit();
}
await mkdir(folder, { recursive: true });
for (const name of RESUMES) {
  for (const look of LOOKS) {
    if (!`${name}-${look}`.includes(only)) continue;
    const built = await buildResume(name, { theme: look });
    const server = await startStatic(built.folder);
    for (const width of (process.env.WIDTHS ?? "320,390,768,1280").split(",").map(Number)) {
      for (const colorScheme of width === 390 || width === 1280 ? ['light', 'dark'] : ['light']) {
        const page = await openPage(browser, { viewport: { width, height: 900 }, colorScheme });
        await page.route('**/counter?*', (route) => route.fulfill({ json: { count: 1234 } }));
        await page.goto(server.origin);
        await page.waitForLoadState('networkidle');
        const file = path.join(folder, `${name}-${look}-${width}-${colorScheme}.png`);
        await page.screenshot({ path: file, fullPage: true });
        await page.context().close();
      }
    }
    const page = await openPage(browser);
    await page.goto(server.origin);
    for (const format of ['A4', 'Letter']) {
      await page.pdf({ path: path.join(folder, `${name}-${look}-${format}.pdf`), format, tagged: true, outline: true });
    }
    await page.context().close();
    await server.stop();
    await built.remove();
    console.log(name, look);
  }
}
await browser.close();

/** A long career in a look, on a small window. */
async function pictureOf(theme) {
  const built = await buildResume('career', { theme });
  const server = await startStatic(built.folder);
  const page = await openPage(browser, { viewport: { width: 1080, height: 1280 } });
  await page.goto(server.origin);
  const png = await page.screenshot();
  await page.context().close();
  await server.stop();
  await built.remove();
  return png;
}
