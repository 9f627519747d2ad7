// Three engines behind one small face: Chromium and Firefox by puppeteer, Firefox over
// WebDriver BiDi, and WebKitGTK by its own driver. Firefox and WebKitGTK are Debian's.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import puppeteer from 'puppeteer-core';

import { visitor } from '../browser.js';
import { startWebKit } from './webkit.js';

/** What a visitor may have turned off or on, by each engine's own setting. */
const SETTINGS = {
  firefox: {
    noScripts: { 'javascript.enabled': false },
    noWebAssembly: { 'javascript.options.wasm': false },
    privacyControl: { 'privacy.globalprivacycontrol.enabled': true },
  },
};

/** Those with a setting of their own for Global Privacy Control, and against WebAssembly. */
export const HAVE_PRIVACY_CONTROL = ['firefox'];
export const HAVE_NO_WEB_ASSEMBLY = ['firefox'];

const STARTS = {
  chromium: (setting) => startPuppeteer({
    browser: 'chrome',
    executablePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', `--user-agent=${visitor.userAgent}`],
  }, setting),
  firefox: (setting) => startPuppeteer({
    browser: 'firefox',
    executablePath: process.env.FIREFOX_PATH ?? '/usr/bin/firefox-esr',
    extraPrefsFirefox: SETTINGS.firefox[setting] ?? {},
  }, setting),
  webkit: startWebKit,
};

export const ENGINES = Object.keys(STARTS);

/** Starts a browser with a profile of its own; `setting` names what is turned off or on. */
export function start(engine, setting) {
  return STARTS[engine](setting);
}

async function startPuppeteer(options, setting) {
  const home = await mkdtemp(path.join(tmpdir(), 'resume-counter-engine-'));
  const { XDG_CACHE_HOME, XDG_CONFIG_HOME, XDG_DATA_HOME, ...environment } = process.env;
  const browser = await puppeteer.launch({ ...options, env: { ...environment, HOME: home }, defaultViewport: null });
  let [page] = await browser.pages();
  let isBack = false;
  if (options.browser === 'chrome' && setting === 'noScripts') await page.setJavaScriptEnabled(false);
  return {
    async goto(url) {
      // puppeteer waits for ever for the page after one from the back-forward cache.
      if (isBack) page = await browser.newPage();
      isBack = false;
      await page.goto(url);
    },
    reload: () => page.reload(),
    // A page that comes from the back-forward cache is not loaded, which puppeteer waits for.
    async back() {
      isBack = true;
      await page.evaluate(() => history.back());
    },
    run: (code, ...args) => page.evaluate(code, ...args),
    press: (key) => page.keyboard.press(key),
    type: (text) => page.keyboard.type(text),
    resize: (width, height) => page.setViewport({ width, height }),
    async picture(file) {
      await page.screenshot({ path: file });
    },
    async close() {
      await browser.close();
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
