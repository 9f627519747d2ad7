// The real program with its own page, on a free port and with counts of its
// own, so that every test file starts from the first visit.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = process.env.CARGO_TARGET_DIR ?? 'target';
const program =
  process.env.RESUME_COUNTER_BIN ?? path.resolve(root, target, 'debug', 'resume-counter');

/** Folder of the built site. */
export const site = path.join(root, 'site', 'dist');

/** The résumé that is served. */
export const sample = path.join(root, 'site', 'resume.json');

/** The owner's token in every test. */
export const token = 'owner-token-of-the-browser-tests';

// The settings that the user's shell has are not the tests'.
const env = { PATH: process.env.PATH, HOME: '/nonexistent', RESUME_COUNTER_OWNER_TOKEN: token };

/** Starts the program, with the sample where no résumé is named; resolves with its origin once it takes requests. */
export function startServer(...options) {
  return start(['--in-memory', ...withResume(options), '--no-watch']);
}

/** Starts the program as whoever writes the résumé in `file` does. */
export function startWatching(file) {
  return start(['--in-memory', '--resume', file]);
}

/** Builds the site of a résumé into a folder, of the sample where none is named. */
export async function build(folder, ...options) {
  await run('build', '--out', folder, ...withResume(options));
}

function withResume(options) {
  return options.includes('--resume') ? options : ['--resume', sample, ...options];
}

/** Runs the program to its end. Resolves with what it says; fails where it does. */
export function run(...args) {
  return promisify(execFile)(program, args, { env });
}

/** Starts the program with a data folder, so that files can be loaded. */
export async function startServerOnDisk() {
  const folder = await mkdtemp(path.join(tmpdir(), 'resume-counter-'));
  const data = path.join(folder, 'data');
  const server = await start(['--data-dir', data, '--resume', sample, '--no-watch']);
  return {
    ...server,
    /** Loads job offers as the owner does: rows are objects of what they say. */
    async load(rows) {
      const file = path.join(folder, 'offers.csv');
      await writeFile(file, csv(rows));
      const { stdout } = await promisify(execFile)(program, ['jobs', 'load', '--data-dir', data, file], { env });
      if (!stdout.includes(` ${rows.length} stored, 0 already there, 0 refused, 0 dead`)) throw new Error(stdout);
    },
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}

const COLUMNS = [
  'id', 'city', 'company_name', 'title', 'url', 'contract_type', 'company_sector', 'user_experience', 'keyword',
  'created_date', 'provider',
];

function csv(rows) {
  const quoted = (text) => `"${text.replaceAll('"', '""')}"`;
  const lines = rows.map((row) => COLUMNS.map((column) => quoted(row[column] ?? '')).join(','));
  return [COLUMNS.join(','), ...lines, ''].join('\n');
}

async function start(options) {
  const child = spawn(
    program,
    ['--listen', '127.0.0.1:0', ...options, '--throttle-rate', '1000', '--throttle-burst', '1000'],
    { env, stdio: ['ignore', 'pipe', 'pipe'] },
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
    /** The number of the résumé page, which is not counted for this. */
    async count() {
      const answer = await fetch(`${origin}/counter?path=${encodeURIComponent(this.property)}&mode=read`);
      return (await answer.json()).count;
    },
    /** What the API tells the owner about it. */
    async summary() {
      const answer = await fetch(`${origin}/visits/summary?propertyId=${encodeURIComponent(this.property)}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return answer.json();
    },
    /** A code to sign in with, as `resume-counter open dashboard` gets it. */
    async code() {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`${origin}/-/sign-in/codes`, { method: 'POST', headers });
      return (await answer.json()).code;
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
