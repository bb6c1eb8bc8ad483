// Independent implementations against ours, 1,000 random cases each way: the stripe package of npm, and for 易支付 and UnionPay
// (which have no package) the protocols' rules written once more here, with node's own crypto.
import assert from 'node:assert/strict';
import { createHash, createSign, createVerify, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { after, before, test } from 'node:test';
import Stripe from 'stripe';
import { dice, startCrossCheck } from './crosscheck.mjs';

const CASES = 1000;
const stripe = new Stripe('sk_test_none');
let ours;

before(() => { ours = startCrossCheck(); });
after(() => ours.stop());

/** Some fields as channels have them: names of letters, values of anything, some of them empty. */
function fieldsOf({ below, text }, names) {
  return Object.fromEntries(names.filter(() => below(5) > 0).map(name => [name, text()]));
}

test('Stripe: what npm signs, we accept; changed, we do not', async () => {
  const random = dice(1);
  for (let i = 0; i < CASES; i++) {
    const [payload, secret, time] = [JSON.stringify({ id: random.text(), i }), `whsec_${random.below(1e9)}`, 1_700_000_000 + random.below(1e8)];
    const header = stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: time });
    const late = random.below(700) - 350;
    assert.equal((await ours.ask('stripe.verify', { header, body: payload, secrets: ['whsec_other', secret], now: time + late })).ok, Math.abs(late) <= 300, `case ${i}`);
    assert.equal((await ours.ask('stripe.verify', { header, body: payload + ' ', secrets: [secret], now: time })).ok, false);
    assert.equal((await ours.ask('stripe.verify', { header, body: payload, secrets: [secret + '0'], now: time })).ok, false);
  }
});

test('Stripe: what we sign, npm accepts', async () => {
  const random = dice(2);
  for (let i = 0; i < CASES; i++) {
    const [body, secret, time] = [JSON.stringify({ id: random.text(), object: 'event', i }), `whsec_${random.below(1e9)}`, 1_700_000_000 + random.below(1e8)];
    const { signature } = await ours.ask('stripe.sign', { secret, time: String(time), body });
    const event = stripe.webhooks.constructEvent(body, `t=${time},v1=${signature}`, secret, 300, undefined, time * 1000);
    assert.equal(event.i, i);
    assert.throws(() => stripe.webhooks.constructEvent(body + ' ', `t=${time},v1=${signature}`, secret, 300, undefined, time * 1000));
  }
});

const names = ['pid', 'type', 'out_trade_no', 'notify_url', 'return_url', 'name', 'money', 'param', 'trade_no', 'Zeta', 'a', 'a_b', 'a1'];
// JavaScript sorts by UTF-16 units, which for these names are bytes.
const signText = (fields, encode = v => v) => Object.keys(fields).filter(n => n !== 'sign' && n !== 'sign_type' && fields[n] !== '').sort().map(n => `${n}=${encode(fields[n])}`).join('&');
const php = value => encodeURIComponent(value).replace(/[!'()*~]/g, c => '%' + c.charCodeAt(0).toString(16).toUpperCase()).replace(/%20/g, '+');
const md5 = text => createHash('md5').update(text, 'utf8').digest('hex');

const digests = {
  plain: (fields, key) => md5(signText(fields) + key),
  encoded: (fields, key) => md5(signText(fields, php) + key),
  amp_key: (fields, key) => md5(`${signText(fields)}&key=${key}`),
};

for (const [dialect, digest] of Object.entries(digests)) {
  test(`易支付 V1, ${dialect}: both sign the same and refuse what is changed`, async () => {
    const random = dice(3);
    for (let i = 0; i < CASES; i++) {
      const [fields, key] = [fieldsOf(random, names), `key${random.below(1e9)}`];
      const sign = digest(fields, key);
      assert.equal((await ours.ask('epay.md5', { fields, key, dialect })).sign, sign, JSON.stringify(fields));
      assert.equal((await ours.ask('epay.md5.verify', { fields: { ...fields, sign, sign_type: 'MD5' }, key, dialect })).ok, true);
      assert.equal((await ours.ask('epay.md5.verify', { fields: { ...fields, money: `${fields.money}1`, sign }, key, dialect })).ok, false);
    }
  });
}

test('易支付 V2: both accept what the other signs and refuse what is changed', async () => {
  const random = dice(4);
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const [own, theirs] = [privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'), publicKey.export({ type: 'spki', format: 'pem' })];
  for (let i = 0; i < CASES; i++) {
    const fields = { ...fieldsOf(random, names), timestamp: String(random.below(2e9)) };
    const sign = createSign('RSA-SHA256').update(signText(fields), 'utf8').sign(privateKey, 'base64');
    assert.equal((await ours.ask('epay.rsa.verify', { fields: { ...fields, sign, sign_type: 'RSA' }, key: theirs })).ok, true, JSON.stringify(fields));
    assert.equal((await ours.ask('epay.rsa.verify', { fields: { ...fields, money: `${fields.money}1`, sign }, key: theirs })).ok, false);
    const told = await ours.ask('epay.rsa', { fields, key: own });
    assert.ok(createVerify('RSA-SHA256').update(signText(fields), 'utf8').verify(publicKey, told.sign, 'base64'));
  }
});

test('UnionPay: both accept what the other signs and refuse what is changed', async () => {
  const random = dice(5);
  const fieldNames = ['version', 'encoding', 'merId', 'orderId', 'txnAmt', 'respMsg', 'reqReserved', 'Zeta', 'queryId'];
  const hash = fields => createHash('sha256').update(Object.keys(fields).filter(n => n !== 'signature').sort().map(n => `${n}=${fields[n]}`).join('&'), 'utf8').digest('hex');
  const { root, middle, cert, key, pfx, merchant_cert } = await ours.ask('unionpay.authority', {});
  const merchant = new X509Certificate(merchant_cert);
  for (let i = 0; i < CASES; i++) {
    const fields = { ...fieldsOf(random, fieldNames), signPubKeyCert: cert };
    fields.signature = createSign('RSA-SHA256').update(hash(fields)).sign(key, 'base64');
    assert.equal((await ours.ask('unionpay.verify', { fields, root, middle })).ok, true, JSON.stringify(fields));
    assert.equal((await ours.ask('unionpay.verify', { fields: { ...fields, txnAmt: `${fields.txnAmt}1` }, root, middle })).ok, false);
    const signed = (await ours.ask('unionpay.sign', { fields: fieldsOf(random, fieldNames), pfx, password: '000000' })).fields;
    assert.equal(signed.certId, BigInt(`0x${merchant.serialNumber}`).toString());
    assert.ok(createVerify('RSA-SHA256').update(hash(signed)).verify(merchant.publicKey, signed.signature, 'base64'));
  }
});

test('UnionPay: an answer that is not URL-encoded is read as it was written', async () => {
  const random = dice(6);
  for (let i = 0; i < CASES; i++) {
    const fields = Object.fromEntries(['orderId', 'respMsg', 'signature', 'signPubKeyCert'].map(n => [n, random.text().replace(/[&{}[\]]/g, '')]));
    fields.payCardInfo = `{a=${random.below(9)}&b=${random.below(9)}}`;
    const text = Object.entries(fields).map(([n, v]) => `${n}=${v}`).join('&');
    assert.deepEqual((await ours.ask('unionpay.read', { text })).fields, fields, text);
  }
});
