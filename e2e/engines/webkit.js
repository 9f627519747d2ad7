// WebKitGTK by WebDriver (https://www.w3.org/TR/webdriver2/), which has one window in
// each session. It needs a screen: Xvfb makes one that nobody sees.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

const BROWSER = process.env.WEBKIT_PATH ?? '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';

const ARGUMENTS = { noScripts: ['--enable-javascript=false'] };

// https://www.w3.org/TR/webdriver2/#keyboard-actions
const KEYS = { Tab: '\ue004', Enter: '\ue007', Escape: '\ue00c', ArrowDown: '\ue015', ArrowUp: '\ue013' };

export async function startWebKit(setting) {
  const home = await mkdtemp(path.join(tmpdir(), 'resume-counter-webkit-'));
  const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const [display] = await once(screen.stdio[3], 'data');
  const port = await freePort();
  const driver = spawn('WebKitWebDriver', [`--port=${port}`], {
    env: {
      PATH: process.env.PATH,
      HOME: home,
      DISPLAY: `:${String(display).trim()}`,
      GDK_BACKEND: 'x11',
      LANG: 'C.UTF-8',
      LIBGL_ALWAYS_SOFTWARE: '1',
    },
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}/session`;
  const options = { binary: BROWSER, args: ['--automation', ...(ARGUMENTS[setting] ?? [])] };
  const wanted = { capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options } } };
  const { sessionId } = await whenThere(() => call('POST', url, wanted));
  const ask = (method, command, body) => call(method, `${url}/${sessionId}/${command}`, body);

  const keys = async (text) => {
    const actions = [...text].flatMap((value) => [{ type: 'keyDown', value }, { type: 'keyUp', value }]);
    await ask('POST', 'actions', { actions: [{ type: 'key', id: 'keyboard', actions }] });
  };
  return {
    goto: (address) => ask('POST', 'url', { url: address }),
    reload: () => ask('POST', 'refresh', {}),
    back: () => ask('POST', 'back', {}),
    run: (code, ...args) => ask('POST', 'execute/sync', { script: `return (${code})(...arguments)`, args }),
    press: (key) => keys(KEYS[key] ?? key),
    type: keys,
    resize: (width, height) => ask('POST', 'window/rect', { width, height }),
    async picture(file) {
      await writeFile(file, Buffer.from(await ask('GET', 'screenshot'), 'base64'));
    },
    async close() {
      await call('DELETE', `${url}/${sessionId}`);
      const ended = [driver, screen].map((child) => once(child, 'exit'));
      driver.kill();
      screen.kill();
      await Promise.all(ended);
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function call(method, url, body) {
  const answer = await fetch(url, { method, body: body && JSON.stringify(body) });
  const { value } = await answer.json();
  if (!answer.ok) throw new Error(`${url}: ${value.error}: ${value.message}`);
  return value;
}

async function whenThere(ask) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries === 100 || error.message !== 'fetch failed') throw error;
      await setTimeout(100);
    }
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
