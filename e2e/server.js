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

/** Starts the program; resolves with its origin once it takes requests. */
export async function startServer() {
  const child = spawn(
    program,
    ['--listen', '127.0.0.1:0', '--in-memory', '--site', site, '--throttle-rate', '1000', '--throttle-burst', '1000'],
    { stdio: ['ignore', 'pipe', 'pipe'] },
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
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
