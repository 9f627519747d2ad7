// The résumés in resumes/: made-up people who write in four scripts, and one who
// makes mistakes. Each can be built in any look.

import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from './server.js';

const resumes = fileURLToPath(new URL('resumes', import.meta.url));

/** The looks that `meta.theme` may ask for. */
export const LOOKS = ['classic', 'compact', 'sidebar'];

/** The names of the files: Latin, Cyrillic, Arabic and Han, and one that is wrong in many ways. */
export const RESUMES = ['career', 'cyrillic', 'arabic', 'han', 'awkward'];

const PICTURE = 'portrait é 1.png';

/** A résumé's document, with `meta` added to its own. */
export async function readResume(name, meta = {}) {
  const resume = JSON.parse(await readFile(path.join(resumes, `${name}.json`), 'utf8'));
  return { ...resume, meta: { ...resume.meta, ...meta } };
}

/** Writes a résumé, with `meta` added to its own, and its picture into a folder of their own. */
export async function writeResume(name, meta) {
  const home = await mkdtemp(path.join(tmpdir(), 'resume-'));
  const file = path.join(home, 'resume.json');
  await writeFile(file, JSON.stringify(await readResume(name, meta)));
  await copyFile(path.join(resumes, PICTURE), path.join(home, PICTURE));
  return { home, file, remove: () => rm(home, { recursive: true }) };
}

/**
 * Builds the site of a résumé, with `meta` added to its own and `options` for
 * `resume-counter build`. Resolves with its folder.
 */
export async function buildResume(name, meta, ...options) {
  const written = await writeResume(name, meta);
  const folder = path.join(written.home, 'site');
  await build(folder, '--resume', written.file, ...options);
  return { ...written, folder };
}
