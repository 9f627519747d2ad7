// A plain server of files, such as any host has one: no routes, no headers of
// ours, and compressed copies unread.

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';

/** The media types of a site's files, by the ends of their names. */
export const types = {
  '.css': 'text/css',
  '.ico': 'image/x-icon',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.wasm': 'application/wasm',
};

/** Serves `folder`; resolves with its origin. */
export async function startStatic(folder) {
  const server = createServer(async (request, response) => {
    let name = decodeURIComponent(new URL(request.url, 'http://static').pathname);
    if (name.endsWith('/')) name += 'index.html';
    try {
      const body = await readFile(path.join(folder, name));
      response.writeHead(200, { 'content-type': types[path.extname(name)] ?? 'application/octet-stream' }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
