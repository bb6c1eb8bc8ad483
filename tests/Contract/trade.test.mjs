// A client written from the documentation alone buys from the demo, and the answers have the shape the document promises.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { base, call, demo, sign } from './server.mjs';

const merchant = demo.merchants[0];
const sku = demo.skus.find(s => s.kind === 'card' && s.stock >= 100);
let schemas;

before(async () => {
  schemas = (await (await fetch(new URL('/openapi/v1.json', base))).json()).components.schemas;
});

// The part of JSON Schema that the document uses.
function check(value, schema, at) {
  if (schema.$ref) return check(value, schemas[schema.$ref.split('/').at(-1)], at);
  if (schema.oneOf) return check(value, value === null ? { type: 'null' } : schema.oneOf[0], at);
  const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;
  assert.ok([schema.type].flat().includes(kind), `${at} is ${kind}, not ${schema.type}`);
  if (schema.enum) assert.ok(schema.enum.includes(value), `${at} is ${value}`);
  if (schema.pattern && kind === 'string') assert.match(value, new RegExp(schema.pattern), at);
  if (kind === 'array') value.forEach((item, i) => check(item, schema.items, `${at}/${i}`));
  if (kind !== 'object' || !schema.properties) return;
  for (const name of schema.required) assert.ok(name in value, `${at} lacks ${name}`);
  for (const [name, item] of Object.entries(value)) {
    assert.ok(schema.properties[name], `${at}/${name} is not documented`);
    check(item, schema.properties[name], `${at}/${name}`);
  }
}

async function asks(method, path, options, status, schema) {
  const answer = await call(merchant, method, path, options);
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  check(answer.body, schemas[schema], schema);
  return answer;
}

test('The published vector is what this client signs', () => {
  const body = '{"client_order_no":"A-001","sku":"steam-50","quantity":1,"max_total":"50.0000"}';
  assert.equal(
    sign('test_secret_0123456789abcdef', 'POST', '/api/v1/orders', [], '1767225600', 'nonce-0123456789abcdef', body),
    'v1=05017faa82dd78f781c33a3047e7bb1c051c68a616072e8e6592e10e60917c05');
});

// The end of the account forces what the demo's suppliers do (docs/upstreams.md).
const phone = demo.skus.find(s => s.kind === 'direct' && s.sku.startsWith('cmcc'));
const topUp = (sku, fields, wait = 30) => call(merchant, 'POST', '/api/v1/orders', {
  body: { client_order_no: `充-${randomUUID()}`, sku, quantity: 1, max_total: '400.0000', fields }, headers: { Prefer: `wait=${wait}` },
});

for (const [end, status, code] of [['100', 'delivered'], ['102', 'refunded', 'account_refused'], ['103', 'refunded', 'supply_failed'],
  ['108', 'delivered'], ['109', 'refunded', 'supply_failed']]) {
  test(`A direct top-up for an account that ends in ${end} is ${status}`, async () => {
    const { status: http, body: order } = await topUp(phone.sku, { account: `13800138${end}` });
    assert.equal(http, 201, JSON.stringify(order));
    check(order, schemas.Order, 'Order');
    assert.deepEqual([order.status, order.final, order.failure?.code], [status, true, code]);
    assert.equal(order.refunded, status === 'refunded' ? order.total : '0.0000');
    if (status === 'delivered') assert.match(order.fulfilments.at(-1).receipt, /^SN\d+$/);
  });
}

test('A top-up whose supplier is down stays open, because nobody knows what became of it', async () => {
  const { status, body: order } = await topUp(phone.sku, { account: '13800138104' }, 2);
  assert.equal(status, 202);
  assert.deepEqual([order.status, order.final, order.refunded], ['fulfilling', false, '0.0000']);
});

test('Every direct SKU of the demo is delivered, and asks for what it needs', async () => {
  const direct = demo.skus.filter(s => s.kind === 'direct');
  assert.ok(direct.length >= 3);
  const fields = { cmcc: { account: '13800138000' }, jx3: { account: 'player100', server: '电信区/梦江南' }, canva: { account: 'someone@example.com' } };
  for (const { sku, stock } of direct) {
    assert.ok(stock > 0, sku);
    const { body: order } = await topUp(sku, fields[sku.split('-')[0]]);
    assert.equal(order.status, 'delivered', sku);
  }
  const refused = await topUp('jx3-topup-50', { account: 'player100', server: '电信区' });
  assert.deepEqual([refused.status, refused.body.errors[0].pointer], [400, '/fields/server']);
  assert.equal((await topUp(phone.sku, { account: '18912345678' })).body.errors[0].code, 'wrong_carrier');
});

test('Quote, order, replay, reveal and read', async () => {
  const number = `单-${randomUUID()}`;
  const { body: quote } = await asks('POST', '/api/v1/quotes', { body: { sku: sku.sku, quantity: 2 } }, 200, 'Quote');
  const body = { client_order_no: number, sku: sku.sku, quantity: 2, max_total: quote.total };
  const placed = await asks('POST', '/api/v1/orders', { body }, 201, 'Order');
  assert.equal(placed.body.total, quote.total);
  assert.equal(placed.headers.get('location'), `/api/v1/orders/${placed.body.order_no}`);

  const again = await asks('POST', '/api/v1/orders', { body }, 200, 'Order');
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  // A replay tells the order as it is now: without hold time it may be settled between the two answers.
  assert.deepEqual({ ...again.body, settlement: placed.body.settlement }, placed.body);
  await asks('POST', '/api/v1/orders', { body: { ...body, quantity: 3 } }, 422, 'Problem');

  const { body: cards } = await asks('POST', `/api/v1/orders/${placed.body.order_no}/reveal`, {}, 200, 'CardList');
  assert.equal(new Set(cards.cards.map(c => c.secret)).size, 2);
  await asks('POST', `/api/v1/orders/${placed.body.order_no}/cancel`, {}, 409, 'Problem');
  await asks('GET', `/api/v1/orders/${placed.body.order_no}`, {}, 200, 'Order');
  const { body: found } = await asks('GET', '/api/v1/orders', { query: { client_order_no: number } }, 200, 'OrderList');
  assert.equal(found.data[0].order_no, placed.body.order_no);
  await asks('GET', '/api/v1/orders', { query: { status: 'delivered', limit: 5 } }, 200, 'OrderList');
});

test('Goods, account and entries have the promised shape', async () => {
  const { body: products } = await asks('GET', '/api/v1/products', { query: { limit: 200 } }, 200, 'ProductList');
  assert.ok(products.data.length > 0);
  await asks('GET', `/api/v1/products/${products.data[0].id}`, {}, 200, 'Product');
  const { body: account } = await asks('GET', '/api/v1/account', {}, 200, 'Account');
  assert.equal(account.id, merchant.id);
  await asks('GET', '/api/v1/account/entries', { query: { limit: 10 } }, 200, 'EntryList');
  await asks('GET', '/api/v1/products', { query: { limit: 0 } }, 400, 'Problem');
  await asks('GET', '/api/v1/products/prd_0000000000000', {}, 404, 'Problem');
});
