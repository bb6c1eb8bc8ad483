// WeChat Pay APIv3 against an independent implementation: what it signs and seals we read, what we sign it verifies.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import plugin from 'wechatpay-axios-plugin';
import { Cases, digits, letters, pairs, pick, serve, words, yuan } from './channel-side.mjs';
import { startCrossCheck } from './crosscheck.mjs';

const { Aes: { AesGcm }, Formatter, Rsa } = plugin;
const PublicKeyId = 'PUB_KEY_ID_0119000000012026010100000000000001';
let ours, server, seen;

const values = (merchant, platform, apiKey) => ({
  mchid: '1900000001', appid: 'wx0123456789abcdef', api_v3_key: apiKey, serial: letters(40).replace(/[g-z]/g, 'A').toUpperCase(), private_key: merchant.privateKey,
  public_key_id: PublicKeyId, public_key: platform.publicKey,
});

const signed = (platform, body) => {
  const [time, nonce] = [String(Formatter.timestamp()), Formatter.nonce()];
  return { 'Wechatpay-Serial': PublicKeyId, 'Wechatpay-Timestamp': time, 'Wechatpay-Nonce': nonce, 'Wechatpay-Signature': Rsa.sign(Formatter.response(time, nonce, body), platform.privateKey) };
};

before(async () => {
  ours = startCrossCheck();
  server = await serve((request, body) => seen(request, body.toString('utf8')));
});
after(() => { ours.stop(); server.stop(); });

test(`${Cases} requests of ours are signed as it wants them, and its signed answers are read`, async () => {
  for (let i = 0; i < Cases; i++) {
    const [merchant, platform] = [pick(pairs), pick(pairs)];
    const known = values(merchant, platform, letters(32));
    const order = { out_no: letters(13), method: pick(['native', 'h5', 'jsapi']), amount: yuan(), subject: words(), openid: letters(28) };
    const [fen, token] = [Math.round(Number(order.amount) * 100), `${words()}${randomUUID()}`];
    seen = (request, body) => {
      const auth = Object.fromEntries([...request.headers.authorization.matchAll(/([a-z_]+)="([^"]*)"/g)].map(m => [m[1], m[2]]));
      assert.ok(Rsa.verify(Formatter.request(request.method, request.url, auth.timestamp, auth.nonce_str, body), auth.signature, merchant.publicKey), body);
      assert.equal(Formatter.authorization(auth.mchid, auth.nonce_str, auth.signature, auth.timestamp, auth.serial_no).split(' ')[0], request.headers.authorization.split(' ')[0]);
      assert.equal(auth.serial_no, known.serial);
      const told = JSON.parse(body);
      assert.deepEqual([told.out_trade_no, told.amount, told.description, told.mchid], [order.out_no, { total: fen, currency: 'CNY' }, order.subject, known.mchid]);
      const answer = JSON.stringify({ code_url: token, h5_url: token, prepay_id: token }, null, pick([0, 2]));
      return { headers: { ...signed(platform, answer), 'Content-Type': 'application/json' }, body: answer };
    };
    const code = await ours.ask('create', { protocol: 'wechat', base_url: server.url, values: known, order });
    assert.ok(code.value?.startsWith(token), JSON.stringify(code));
    if (order.method !== 'jsapi') continue;
    const { appId, timeStamp, nonceStr, package: pack, signType, paySign } = code.fields;
    assert.equal(signType, 'RSA');
    assert.ok(Rsa.verify(Formatter.joinedByLineFeed(appId, timeStamp, nonceStr, pack), paySign, merchant.publicKey));
  }
});

test(`${Cases} notices that it signs and seals are read, and none with a byte changed`, async () => {
  for (let i = 0; i < Cases; i++) {
    const [merchant, platform, apiKey] = [pick(pairs), pick(pairs), letters(32)];
    const [outNo, tradeNo, amount] = [letters(13), digits(28), yuan()];
    const about = pick(['transaction', '', Array.from(words()).slice(0, 6).join('')]);
    const nonce = letters(12);
    const plain = JSON.stringify({
      mchid: '1900000001', appid: 'wx0123456789abcdef', out_trade_no: outNo, transaction_id: tradeNo, trade_state: 'SUCCESS', attach: words(), success_time: '2026-09-17T10:00:00+08:00',
      amount: { total: Math.round(Number(amount) * 100), payer_total: 1, currency: 'CNY' },
    });
    const body = JSON.stringify({
      id: randomUUID(), event_type: 'TRANSACTION.SUCCESS', summary: words(),
      resource: { algorithm: 'AEAD_AES_256_GCM', original_type: 'transaction', associated_data: about, nonce, ciphertext: AesGcm.encrypt(plain, apiKey, nonce, about) },
    }, null, pick([0, 1]));
    const read = (headers, text) => ours.ask('read', { protocol: 'wechat', values: values(merchant, platform, apiKey), headers, body: Buffer.from(text).toString('base64') });
    const headers = signed(platform, body);
    assert.deepEqual(await read(headers, body), { out_no: outNo, trade_no: tradeNo, amount: Number(amount).toFixed(2), currency: 'CNY', state: 'Paid' });
    if (i % 10) continue;
    assert.equal((await read(headers, `${body} `)).out_no, null);
    assert.equal((await read({ ...headers, 'Wechatpay-Nonce': 'other' }, body)).out_no, null);
  }
});
