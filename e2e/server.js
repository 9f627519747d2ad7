// The real program with the built site, on a free port and with counts of its
// own, so that every test file starts from the first visit.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = process.env.CARGO_TARGET_DIR ?? 'target';
const program =
  process.env.RESUME_COUNTER_BIN ?? path.resolve(root, target, 'release', 'resume-counter');

/** Folder of the built site. */
export const site = path.join(root, 'site', 'dist');

/** The owner's token in every test. */
export const token = 'owner-token-of-the-browser-tests';

/** Starts the program; resolves with its origin once it takes requests. */
export async function startServer() {
  const child = spawn(
    program,
    ['--listen', '127.0.0.1:0', '--in-memory', '--site', site, '--throttle-rate', '1000', '--throttle-burst', '1000'],
    {
      env: { ...process.env, RESUME_COUNTER_OWNER_TOKEN: token },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let log = '';
  child.stderr.on('data', (text) => (log += text));

  const origin = await new Promise((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (text) => {
      output += text;
      const ready = output.match(/^listening on (http:\/\/\S+)$/m);
      if (ready) resolve(ready[1]);
    });
    child.once('error', (error) => reject(new Error(`${program}: ${error.message}`)));
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code}: ${log}`)));
  });

  return {
    origin,
    /** The name the résumé page is counted under. */
    property: `${new URL(origin).host}/`,
    /** What the API tells the owner about it. */
    async summary() {
      const answer = await fetch(`${origin}/visits/summary?propertyId=${encodeURIComponent(this.property)}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return answer.json();
    },
    /** Posts a visit, as any client of the API does. */
    async post(visit) {
      const answer = await fetch(`${origin}/visits`, { method: 'POST', body: JSON.stringify(visit) });
      if (answer.status !== 201) throw new Error(`${answer.status}: ${await answer.text()}`);
    },
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
