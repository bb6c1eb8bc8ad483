// The channel's side of a cross-check: a server that our client calls, keys, and random texts and amounts.
import { generateKeyPairSync, randomInt } from 'node:crypto';
import { createServer } from 'node:http';

export const Cases = 1000;

/** Each request goes to `answer`, which returns { status, headers, body }. */
export function serve(answer) {
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const { status = 200, headers = {}, body } = answer(request, Buffer.concat(parts));
    response.writeHead(status, headers).end(body);
  });
  return new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve({ url: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() })));
}

export const pairs = [2048, 2048, 3072].map(modulusLength => generateKeyPairSync('rsa', {
  modulusLength, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}));

export const pick = list => list[randomInt(list.length)];
export const digits = length => Array.from({ length }, () => randomInt(10)).join('');
export const letters = length => Array.from({ length }, () => pick('0123456789abcdefghijklmnopqrstuvwxyz')).join('');
export const yuan = () => `${randomInt(100000)}.${String(randomInt(1, 100)).padStart(2, '0')}`;

const pieces = ['点卡', '100元', ' ', '"', '\\', "'", '<b>', '&amp;', '+', '%20', '%', '?', '#', '😀', '𠮷', 'é', '\u00a0', '，', ',', '`', '{', '}', ':', ';', 'Ａ', 'a', 'Z', '0', '~', '*', '(', ')', '!'];
export const words = () => `x${Array.from({ length: randomInt(1, 9) }, () => pick(pieces)).join('')}x`;
