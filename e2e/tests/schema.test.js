// The published schema of JSON Resume: what it names is read without a word, and
// is on the page.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';

import { Validator } from 'jsonschema';

import { build, run, sample } from '../server.js';

const published = path.dirname(createRequire(import.meta.url).resolve('@jsonresume/schema/schema.json'));
const schema = JSON.parse(await readFile(path.join(published, 'schema.json'), 'utf8'));

describe('the published schema', () => {
  test('names nothing that the page does not show', async () => {
    const document = filled(schema);
    assert.deepEqual(new Validator().validate(document, schema).errors, []);
    const { said, page } = await pageOf(document);
    assert.equal(said, '');
    const missing = strings(document).filter((text) => !page.includes(text));
    assert.deepEqual(missing, [document.$schema]);
  });

  test('has an example that is read without a word', async () => {
    const example = JSON.parse(await readFile(path.join(published, 'sample.resume.json'), 'utf8'));
    const { said } = await pageOf(example);
    assert.doesNotMatch(said, /error/);
  });

  test('is kept by the sample', async () => {
    const { errors } = new Validator().validate(JSON.parse(await readFile(sample, 'utf8')), schema);
    assert.deepEqual(errors, []);
  });
});

/** What the program says of a document, and its page. */
async function pageOf(document) {
  const folder = await mkdtemp(path.join(tmpdir(), 'schema-'));
  try {
    const file = path.join(folder, 'resume.json');
    await writeFile(file, JSON.stringify(document));
    const { stdout, stderr } = await run('check', file);
    await build(folder, '--resume', file);
    return { said: (stdout + stderr).replaceAll(`${file}: `, ''), page: await readFile(path.join(folder, 'index.html'), 'utf8') };
  } finally {
    await rm(folder, { recursive: true });
  }
}

let last = 0;

/** A value of everything that a schema names, each text unlike every other. */
function filled(part, name = 'document') {
  if (part.properties) {
    return Object.fromEntries(Object.entries(part.properties).map(([key, one]) => [key, filled(one, key)]));
  }
  if (part.type === 'array') return [filled(part.items, name)];
  last += 1;
  if (part.$ref?.endsWith('/iso8601') || name === 'lastModified') return `20${String(last).padStart(2, '0')}-05`;
  if (part.format === 'uri' || name === 'image') return `https://example.com/${name}${last}`;
  if (part.format === 'email') return `${name}${last}@example.com`;
  return `${name} no. ${last}.`;
}

function strings(value) {
  return typeof value === 'string' ? [value] : Object.values(value).flatMap(strings);
}
