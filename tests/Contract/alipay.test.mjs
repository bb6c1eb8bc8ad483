// Alipay's OpenAPI against Alipay's own client for Node: what we sign it verifies, what it accepts as Alipay's we accept, and nothing else.
import assert from 'node:assert/strict';
import { createSign } from 'node:crypto';
import { after, before, test } from 'node:test';
import { AlipaySdk } from 'alipay-sdk';
import { Cases, digits, letters, pairs, pick, serve, words, yuan } from './channel-side.mjs';
import { startCrossCheck } from './crosscheck.mjs';

const AppId = '2021000000000001', SellerId = '2088000000000001';
let ours, server, seen;

const bare = pem => pem.replace(/-----[A-Z ]+-----|\s/g, '');
const values = (app, alipay) => ({ app_id: AppId, seller_id: SellerId, private_key: pick([app.privateKey, bare(app.privateKey)]), alipay_public_key: pick([alipay.publicKey, bare(alipay.publicKey)]) });
const sdk = (own, theirs) => new AlipaySdk({ appId: AppId, privateKey: own.privateKey, alipayPublicKey: theirs.publicKey, keyType: 'PKCS8' });
const sign = (text, key) => createSign('RSA-SHA256').update(text, 'utf8').sign(key.privateKey, 'base64');
const two = () => { const app = pick(pairs); return [app, pick(pairs.filter(p => p !== app))]; };

before(async () => {
  ours = startCrossCheck();
  server = await serve((request, body) => seen(request, body.toString('utf8')));
});
after(() => { ours.stop(); server.stop(); });

test(`${Cases} calls of ours verify there, and answers that verify there are read`, async () => {
  for (let i = 0; i < Cases; i++) {
    const [app, alipay] = two();
    const order = { out_no: letters(13), method: pick(['precreate', 'page', 'wap']), amount: yuan(), subject: words() };
    const check = fields => {
      assert.ok(sdk(app, app).checkNotifySignV2(fields), JSON.stringify(fields));
      const told = JSON.parse(fields.biz_content);
      assert.deepEqual([told.out_trade_no, Number(told.total_amount), told.subject], [order.out_no, Number(order.amount), order.subject.replace(/[/=&]/g, ' ')]);
    };
    const token = words();
    seen = (request, body) => {
      check(Object.fromEntries([...new URLSearchParams(request.url.slice(request.url.indexOf('?') + 1)), ...new URLSearchParams(body)]));
      const node = JSON.stringify({ code: '10000', msg: 'Success', out_trade_no: order.out_no, qr_code: token }).replaceAll('点', pick(['点', '\\u70b9'])).replaceAll('/', pick(['/', '\\/']));
      const answer = `{"alipay_trade_precreate_response":${node},"sign":"${sign(node, alipay)}"}`;
      // Their own client takes it for Alipay's.
      sdk(app, alipay).checkResponseSign(answer, 'alipay_trade_precreate_response', JSON.parse(answer).sign, '');
      return { headers: { 'Content-Type': 'text/html;charset=utf-8' }, body: answer };
    };
    const code = await ours.ask('create', { protocol: 'alipay', base_url: `${server.url}/gateway.do`, values: values(app, alipay), order });
    if (order.method === 'precreate') assert.equal(code.value, token, JSON.stringify(code));
    else check(Object.fromEntries(new URL(code.value).searchParams));
  }
});

test(`${Cases} notices: what verifies there is read, and nothing with a letter changed`, async () => {
  for (let i = 0; i < Cases; i++) {
    const [app, alipay] = two();
    const [outNo, tradeNo, amount] = [letters(13), digits(28), yuan()];
    const fields = {
      app_id: AppId, seller_id: SellerId, out_trade_no: outNo, trade_no: tradeNo, total_amount: amount, trade_status: pick(['TRADE_SUCCESS', 'TRADE_FINISHED']), subject: words(), body: words(),
      notify_time: '2026-09-17 10:00:00', gmt_payment: '2026-09-17 09:59:59', charset: 'utf-8', version: '1.0', fund_bill_list: '[{"amount":"1.00","fundChannel":"ALIPAYACCOUNT"}]',
    };
    fields.sign = sign(Object.keys(fields).sort().map(k => `${k}=${fields[k]}`).join('&'), alipay);
    fields.sign_type = 'RSA2';
    assert.ok(sdk(app, alipay).checkNotifySign(fields, true));
    const read = told => ours.ask('read', { protocol: 'alipay', values: values(app, alipay), headers: {}, body: Buffer.from(new URLSearchParams(told).toString()).toString('base64') });
    assert.deepEqual(await read(fields), { out_no: outNo, trade_no: tradeNo, amount: Number(amount).toFixed(2), currency: 'CNY', state: 'Paid' });
    if (i % 10) continue;
    const name = pick(Object.keys(fields).filter(k => k !== 'sign_type'));
    // In the middle: the last letters of base64 may say nothing.
    const [at, letter] = [fields[name].length >> 1, fields[name][fields[name].length >> 1] === 'A' ? 'B' : 'A'];
    const changed = { ...fields, [name]: fields[name].slice(0, at) + letter + fields[name].slice(at + 1) };
    assert.ok(!sdk(app, alipay).checkNotifySign(changed, true), name);
    assert.equal((await read(changed)).out_no, null, name);
  }
});
