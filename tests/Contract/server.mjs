// The server under test: LIANKA_DEMO names its demo.json. Signing is written here from the documentation alone, so that
// two programs that share no code must agree.
import assert from 'node:assert/strict';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

assert.ok(process.env.LIANKA_DEMO, 'LIANKA_DEMO must name the demo.json of a running node');
export const demo = JSON.parse(readFileSync(process.env.LIANKA_DEMO, 'utf8'));
export const base = process.env.LIANKA_URL ?? demo.base_url;

const escape = text => encodeURIComponent(text).replace(/[!'()*]/g, c => '%' + c.charCodeAt(0).toString(16).toUpperCase());

export function sign(secret, method, path, parameters, timestamp, nonce, body) {
  const query = [...parameters].sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([name, value]) => `${escape(name)}=${escape(value)}`).join('&');
  const hash = createHash('sha256').update(body).digest('hex');
  const text = ['LK1', method, path, query, timestamp, nonce, hash].join('\n');
  return 'v1=' + createHmac('sha256', secret).update(text).digest('hex');
}

/** One signed call; answers { status, headers, body }. */
export async function call(merchant, method, path, { query = {}, body, headers = {} } = {}) {
  const raw = body === undefined ? '' : JSON.stringify(body);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const nonce = randomBytes(16).toString('hex');
  const url = new URL(path, base);
  url.search = new URLSearchParams(query).toString();
  const answer = await fetch(url, {
    method,
    body: raw || undefined,
    headers: {
      ...headers,
      ...(raw && { 'Content-Type': 'application/json' }),
      'Lianka-Key': merchant.api_key,
      'Lianka-Timestamp': timestamp,
      'Lianka-Nonce': nonce,
      'Lianka-Signature': sign(merchant.api_secret, method, path, Object.entries(query), timestamp, nonce, raw),
    },
  });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}
