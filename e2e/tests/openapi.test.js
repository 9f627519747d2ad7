// A client that is made from the API's document, as a user of it would make one.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import createClient from 'openapi-fetch';
import openapi, { astToString } from 'openapi-typescript';

import { startServer, token } from '../server.js';

/** What the client's compiler has to understand, and may not. */
const USE = `
import createClient from 'openapi-fetch';
import type { components, paths } from './api.js';

const client = createClient<paths>({ baseUrl: 'http://localhost' });
const { data } = await client.GET('/counter', { params: { query: { path: 'a' } } });
export const count: number | undefined = data?.count;
const summary = await client.GET('/visits/summary', { params: { query: { propertyId: 'a' } } });
export const days: components['schemas']['DayCount'][] | undefined = summary.data?.days;
await client.POST('/visits', { body: { propertyId: 'a', skipped: 'do-not-track' } });
await client.DELETE('/v1/jobs/{id}', { params: { path: { id: 'a' } } });
// @ts-expect-error a path is needed
await client.GET('/counter');
// @ts-expect-error there is no such reason
await client.POST('/visits', { body: { skipped: 'boredom' } });
`;

let server;
let folder;

before(async () => {
  server = await startServer();
  folder = await mkdtemp(path.join(import.meta.dirname, '..', 'client-'));
});
after(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

test('a client that is generated from the document compiles', async () => {
  const document = new URL('/openapi.json', server.origin);
  await writeFile(path.join(folder, 'api.d.ts'), astToString(await openapi(document)));
  await writeFile(path.join(folder, 'use.mts'), USE);
  const compiler = path.join(import.meta.dirname, '..', 'node_modules', '.bin', 'tsc');
  const options = ['--strict', '--noEmit', '--target', 'es2022', '--module', 'nodenext'];
  const compiled = promisify(execFile)(compiler, [...options, path.join(folder, 'use.mts')]);
  await compiled.catch(({ stdout }) => assert.fail(stdout));
});

test('the client calls the API', async () => {
  const headers = { authorization: `Bearer ${token}` };
  const client = createClient({ baseUrl: server.origin, headers });
  const query = { path: 'example.org/client' };
  const { data } = await client.GET('/counter', { params: { query } });
  assert.deepEqual(data, { count: 1 });
  const offer = { city: 'Bern', company_name: 'A', title: 'B', contract_type: 'C' };
  const { data: made } = await client.POST('/v1/jobs', { body: offer });
  const params = { path: { id: made.id } };
  const { data: read } = await client.GET('/v1/jobs/{id}', { params });
  assert.deepEqual(read, made);
  const { error } = await client.GET('/counter');
  assert.match(error.message, /`path` is missing/);
});
