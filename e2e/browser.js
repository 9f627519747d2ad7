// A real Chromium, and pages in it that write down what happens to them.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { chromium } from 'playwright-core';

// Chromium writes into the home folder, whatever its profile is: it gets one of its own.
const home = mkdtempSync(path.join(tmpdir(), 'resume-counter-home-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));
const { XDG_CACHE_HOME, XDG_CONFIG_HOME, XDG_DATA_HOME, ...environment } = process.env;

/** The window sizes the page is looked at in. */
export const windows = {
  desktop: { width: 1280, height: 900 },
  phone: { width: 390, height: 844 },
};

// Where Debian has it, and the same without windows, which opens a page in half the time.
const CHROMIUM = '/usr/bin/chromium';
const HEADLESS = ['/usr/bin/chromium-headless-shell', CHROMIUM].find(existsSync) ?? CHROMIUM;

/** Starts Chromium; `CHROME_PATH` says where it is, if not where Debian has it. */
export function launch(...flags) {
  return start(process.env.CHROME_PATH ?? HEADLESS, flags);
}

/** Starts the Chromium that people use, whose windows nobody sees. */
export function launchWhole(...flags) {
  return start(process.env.CHROME_PATH ?? CHROMIUM, flags);
}

function start(executablePath, flags) {
  return chromium.launch({
    executablePath,
    env: { ...environment, HOME: home },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...flags,
    ],
  });
}

/** Starts a Chromium that does not say that a program drives it. */
export function launchAsVisitor() {
  return launch('--disable-blink-features=AutomationControlled');
}

/** What a visitor's browser calls itself; one without a window says so. */
export const visitor = {
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36',
};

/**
 * A page with a browser profile of its own. Its `seen` lists the addresses it
 * asked for, what it wrote to the console, errors nobody caught, and breaches
 * of its content security policy.
 */
export async function openPage(browser, options = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.seen = { requests: [], console: [], errors: [], violations: [] };
  page.on('request', (request) => page.seen.requests.push(request.url()));
  page.on('console', (message) => page.seen.console.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => page.seen.errors.push(String(error)));
  await page.exposeFunction('reportViolation', (directive) => page.seen.violations.push(directive));
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', (event) =>
      window.reportViolation(event.violatedDirective),
    ),
  );
  return page;
}

/** Has a page that is not open yet wait for its answers until `runOut`, however long that is. */
export async function holdTimeouts(page) {
  await page.addInitScript(() => {
    const held = [];
    AbortSignal.timeout = (milliseconds) => {
      const controller = new AbortController();
      held.push({ milliseconds, controller });
      return controller.signal;
    };
    globalThis.runOut = () =>
      held.splice(0).map(({ milliseconds, controller }) => {
        controller.abort(new DOMException('signal timed out', 'TimeoutError'));
        return milliseconds;
      });
  });
}

/** Lets the times run out that the page waits, and says how many milliseconds each would have been. */
export function runOut(page) {
  return page.evaluate(() => globalThis.runOut());
}

/** Waits until the counter shows `text`. */
export async function counterShows(page, text) {
  await page.locator('#counter', { hasText: new RegExp(`^${text}$`) }).waitFor({ timeout: 15_000 });
}
