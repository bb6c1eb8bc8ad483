// What an integrator does first: nothing but demo.json and HTTP. A thousand signed orders from several merchants beside
// each other, a hundred of them sent again, and then the books are proved.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const file = resolve(process.env.LIANKA_DEMO);
const demo = JSON.parse(readFileSync(file, 'utf8'));
const program = resolve(dirname(fileURLToPath(import.meta.url)), '../../src/Host/bin/Release/net10.0/lianka.dll');

function signed(merchant, method, path, query, body) {
  const timestamp = Math.floor(Date.now() / 1000).toString();
  const nonce = randomUUID();
  const text = ['LK1', method, path, query, timestamp, nonce, createHash('sha256').update(body).digest('hex')].join('\n');
  return {
    'Lianka-Key': merchant.api_key,
    'Lianka-Timestamp': timestamp,
    'Lianka-Nonce': nonce,
    'Lianka-Signature': `v1=${createHmac('sha256', merchant.api_secret).update(text).digest('hex')}`,
    'Content-Type': 'application/json',
  };
}

async function call(merchant, method, path, payload, query = '') {
  const body = payload === undefined ? '' : JSON.stringify(payload);
  const answer = await fetch(demo.base_url + path + (query && `?${query}`), {
    method, body: body || undefined, headers: signed(merchant, method, path, query, body),
  });
  return { status: answer.status, headers: answer.headers, json: await answer.json() };
}

async function inParallel(items, width, work) {
  const results = new Array(items.length);
  let next = 0;
  await Promise.all(Array.from({ length: width }, async () => {
    while (next < items.length) { const i = next++; results[i] = await work(items[i]); }
  }));
  return results;
}

test('a thousand signed orders, a hundred replays, and every invariant holds', async () => {
  const sku = demo.skus.find((s) => s.kind === 'card' && s.stock >= 2000);
  assert.ok(sku, 'the demo has a card SKU with at least 2,000 cards');
  const merchants = demo.merchants.filter((m) => Number(m.balance) >= 1000);
  assert.ok(merchants.length >= 4);
  const before = await Promise.all(merchants.map((m) => call(m, 'GET', '/api/v1/account')));
  const run = randomUUID().slice(0, 8);
  const orders = Array.from({ length: 1000 }, (_, i) => ({
    merchant: merchants[i % merchants.length],
    body: { client_order_no: `demo-${run}-${i}`, sku: sku.sku, quantity: 1, max_total: '100.0000' },
  }));

  const placed = await inParallel(orders, 32, (o) => call(o.merchant, 'POST', '/api/v1/orders', o.body));
  for (const answer of placed) {
    assert.equal(answer.status, 201, JSON.stringify(answer.json));
    assert.equal(answer.json.status, 'delivered');
    assert.equal(answer.json.final, true);
    assert.equal(answer.json.cards, undefined, 'no secret without reveal');
  }
  assert.equal(new Set(placed.map((a) => a.json.order_no)).size, 1000);

  const replayed = await inParallel(orders.slice(0, 100), 16, (o) => call(o.merchant, 'POST', '/api/v1/orders', o.body));
  replayed.forEach((answer, i) => {
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('idempotent-replayed'), 'true');
    assert.equal(answer.json.order_no, placed[i].json.order_no);
  });

  // Each wallet paid exactly for its own orders.
  const units = (text) => BigInt(text.replace('.', ''));
  for (const [i, merchant] of merchants.entries()) {
    const after = await call(merchant, 'GET', '/api/v1/account');
    const spent = placed.filter((_, n) => n % merchants.length === i).reduce((sum, a) => sum + units(a.json.total), 0n);
    assert.equal(units(before[i].json.balance) - units(after.json.balance), spent, merchant.name);
  }

  const proof = execFileSync('dotnet', [program, 'verify'], {
    encoding: 'utf8', env: { ...process.env, LIANKA_DATA: dirname(file), LIANKA_DATABASE: 'sqlite' },
  });
  assert.match(proof, /I1 ok/);
  assert.doesNotMatch(proof, /FAILED/);
});
