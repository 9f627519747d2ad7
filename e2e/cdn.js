// What CloudFront makes of template.yaml's distribution, where a page or an API
// can notice: which origin answers, what it is told of the request, what is
// added to the answer, and what becomes of an error. It keeps nothing.

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { parse } from 'yaml';

import { types } from './static.js';

// An intrinsic function is read as its argument: `!Ref SiteHeaders` as a name.
const text = await readFile(new URL('../template.yaml', import.meta.url), 'utf8');
const { Resources } = parse(text, { logLevel: 'error' });
const distribution = Resources.SiteDistribution.Properties.DistributionConfig;
// With all systems: what `!If` asks for stands between its condition and its alternative.
const all = (parts) => parts.map((part) => (Array.isArray(part) ? part[1] : part));
const behaviours = all(distribution.CacheBehaviors);
const origins = all(distribution.Origins);
const run = (name) => new Function(`${Resources[name].Properties.FunctionCode}; return handler`)();
const handlers = { SitePathsFunction: run('SitePathsFunction'), SiteStatusFunction: run('SiteStatusFunction') };

/** What CloudFront says of every viewer here. */
export const viewer = {
  'cloudfront-viewer-address': '198.51.100.7:46532',
  'cloudfront-viewer-city': 'Lyon',
  'cloudfront-viewer-country': 'FR',
};

/** What the distribution says to its origins to be believed, for `--cdn-secret`. */
export const secret = 'secret-of-the-browser-tests';

/**
 * Serves `folder` as the bucket, and passes the APIs' paths on to `api`;
 * resolves with its origin.
 */
export async function startCdn(folder, api) {
  const server = createServer(async (request, response) => {
    const { status, headers, body } = await answer(request, folder, api);
    response.writeHead(status, headers).end(body);
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

async function answer(request, folder, api) {
  const { pathname, search } = new URL(request.url, 'http://cdn');
  const behaviour =
    behaviours.find(({ PathPattern }) => matches(PathPattern, pathname)) ??
    distribution.DefaultCacheBehavior;
  let reply;
  if (behaviour.TargetOriginId === 'site') {
    const asked = [...new URLSearchParams(search)].map(([name, value]) => [name, { value: encodeURIComponent(value) }]);
    const querystring = Object.fromEntries(asked);
    const changed = handlers.SitePathsFunction({ request: { method: request.method, uri: pathname, querystring } });
    if (changed.statusCode) return { status: changed.statusCode, headers: { location: changed.headers.location.value } };
    reply = await fromBucket(folder, changed.uri);
  } else {
    reply = await fromApi(api + pathname + search, request, behaviour);
  }
  const error = distribution.CustomErrorResponses.find(({ ErrorCode }) => ErrorCode === reply.status);
  if (error?.ResponsePagePath) {
    reply = { ...(await fromBucket(folder, error.ResponsePagePath)), status: error.ResponseCode };
  }
  reply = { ...reply, headers: { ...reply.headers, ...added(behaviour.ResponseHeadersPolicyId) } };
  const after = behaviour.FunctionAssociations?.find(({ EventType }) => EventType === 'viewer-response');
  // No function sees an error that an origin has answered.
  return after && reply.status < 400 ? changedBy(handlers[after.FunctionARN.split('.')[0]], reply) : reply;
}

/** Whether a path is one of a behaviour's, in whose pattern `*` stands for anything. */
function matches(pattern, pathname) {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(pathname);
}

function changedBy(handler, reply) {
  const headers = Object.fromEntries(Object.entries(reply.headers).map(([name, value]) => [name, { value }]));
  const changed = handler({ response: { statusCode: reply.status, headers } });
  const kept = Object.entries(changed.headers).map(([name, { value }]) => [name, value]);
  return { ...reply, status: changed.statusCode, headers: Object.fromEntries(kept) };
}

async function fromBucket(folder, key) {
  try {
    const body = await readFile(path.join(folder, decodeURIComponent(key)));
    return { status: 200, headers: { 'content-type': types[path.extname(key)] }, body };
  } catch {
    return { status: 403, headers: {} };
  }
}

async function fromApi(url, request, { TargetOriginId, CachePolicyId, OriginRequestPolicyId }) {
  const policy = Resources[OriginRequestPolicyId].Properties.OriginRequestPolicyConfig;
  const told = policy.HeadersConfig.Headers;
  // A policy of AWS's own, which is named by an ID, has no headers in its key.
  const key = Resources[CachePolicyId]?.Properties.CachePolicyConfig.ParametersInCacheKeyAndForwardedToOrigin;
  const names = [...told, ...(key?.HeadersConfig.Headers ?? [])].map((name) => name.toLowerCase());
  const known = { ...request.headers, ...viewer };
  const headers = Object.fromEntries(names.filter((name) => name in known).map((name) => [name, known[name]]));
  const { OriginCustomHeaders } = origins.find(({ Id }) => Id === TargetOriginId);
  for (const { HeaderName, HeaderValue } of OriginCustomHeaders) {
    headers[HeaderName] = HeaderName === 'x-origin-secret' ? secret : HeaderValue;
  }
  const chunks = await request.toArray();
  const body = chunks.length ? Buffer.concat(chunks) : undefined;
  const reply = await fetch(url, { method: request.method, headers, body });
  const left = ['connection', 'content-length', 'transfer-encoding'];
  if (policy.CookiesConfig.CookieBehavior === 'none') left.push('set-cookie');
  const kept = [...reply.headers].filter(([name]) => !left.includes(name));
  return { status: reply.status, headers: Object.fromEntries(kept), body: Buffer.from(await reply.arrayBuffer()) };
}

/** The headers of a response headers policy, with no script hashes given. */
function added(name) {
  const { SecurityHeadersConfig: security, CustomHeadersConfig: custom } =
    Resources[name].Properties.ResponseHeadersPolicyConfig;
  return {
    'content-security-policy': security.ContentSecurityPolicy.ContentSecurityPolicy.replace('${ScriptHashes}', ''),
    'referrer-policy': security.ReferrerPolicy.ReferrerPolicy,
    'strict-transport-security': `max-age=${security.StrictTransportSecurity.AccessControlMaxAgeSec}`,
    'x-content-type-options': 'nosniff',
    'x-frame-options': security.FrameOptions.FrameOption,
    ...Object.fromEntries(custom.Items.map(({ Header, Value }) => [Header, Value])),
  };
}
