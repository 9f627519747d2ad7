// A proxy before the program that makes a driven browser look like a visitor's: its
// pages first run a script that denies the driver, as no setting of these browsers does.

import { once } from 'node:events';
import { createServer, request } from 'node:http';

const SCRIPT = '/as-a-visitor.js';

const define = (name, value) =>
  `Object.defineProperty(Navigator.prototype, '${name}', { get: () => ${value}, configurable: true });`;

/** `server` behind the proxy, which may also say and take away what a browser has no setting for. */
export async function asVisitor(server, { privacyControl = false, webAssembly = true } = {}) {
  const script = [
    define('webdriver', false),
    privacyControl ? define('globalPrivacyControl', true) : '',
    webAssembly ? '' : 'delete globalThis.WebAssembly;',
  ].join('\n');
  const proxy = createServer((asked, answered) => {
    if (asked.url === SCRIPT) {
      answered.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
      return;
    }
    const { 'accept-encoding': encoding, 'if-none-match': known, ...headers } = asked.headers;
    const options = { method: asked.method, headers };
    const upstream = request(new URL(asked.url, server.origin), options, async (answer) => {
      if (!answer.headers['content-type']?.startsWith('text/html')) {
        answered.writeHead(answer.statusCode, answer.headers);
        answer.pipe(answered);
        return;
      }
      const page = Buffer.concat(await answer.toArray()).toString();
      const { 'content-length': length, ...rest } = answer.headers;
      answered.writeHead(answer.statusCode, rest);
      answered.end(page.replace(/<head>/, `$&<script src="${SCRIPT}"></script>`));
    });
    upstream.on('error', () => answered.destroy());
    asked.pipe(upstream);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const host = `127.0.0.1:${proxy.address().port}`;
  return {
    ...server,
    origin: `http://${host}`,
    property: `${host}/`,
    async stop() {
      proxy.closeAllConnections();
      proxy.close();
      await server.stop();
    },
  };
}
