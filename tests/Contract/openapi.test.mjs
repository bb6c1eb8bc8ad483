// What the running server publishes about itself, checked from outside.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { base } from './server.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));

test('The OpenAPI document passes Spectral without an error or a warning', async () => {
  const answer = await fetch(new URL('/openapi/v1.json', base));
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-type'), /^application\/json/);
  const document = await answer.json();
  assert.match(document.openapi, /^3\.1\./);

  const folder = await mkdtemp(join(tmpdir(), 'lianka-openapi-'));
  try {
    const file = join(folder, 'v1.json');
    await writeFile(file, JSON.stringify(document));
    const spectral = join(here, 'node_modules', '.bin', 'spectral');
    const ruleset = join(here, '.spectral.yaml');
    await promisify(execFile)(spectral, ['lint', file, '--ruleset', ruleset, '--fail-severity', 'warn', '--format', 'text'])
      .catch(fault => assert.fail(fault.stdout || fault.message));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('Every operation of the document is there, and asks for a signature or a ticket', async () => {
  const document = await (await fetch(new URL('/openapi/v1.json', base))).json();
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const method of Object.keys(methods)) {
      const url = new URL(path.replaceAll(/\{[^}]+\}/g, 'x'), base);
      const answer = await fetch(url, { method: method.toUpperCase() });
      // What needs no key says so in its own security: a ticket, or nothing at all.
      const { security } = methods[method];
      const [status, code] = !security ? [401, 'unauthenticated'] : security.length > 0 ? [403, 'ticket_invalid'] : [404, 'not_found'];
      assert.equal(answer.status, status, `${method} ${path}`);
      assert.equal(answer.headers.get('content-type'), 'application/problem+json');
      assert.equal((await answer.json()).code, code);
      for (const header of ['x-request-id', 'ratelimit', 'ratelimit-policy']) assert.ok(answer.headers.get(header), header);
    }
  }
});

test('Every problem code has a page in both languages', async () => {
  const document = await (await fetch(new URL('/openapi/v1.json', base))).json();
  for (const code of document.components.schemas.Problem.properties.code.enum) {
    for (const language of ['en', 'zh']) {
      const answer = await fetch(new URL(`/docs/errors/${code}?lang=${language}`, base));
      assert.equal(answer.status, 200, code);
      const page = await answer.text();
      assert.ok(page.includes(code));
      assert.match(page, language === 'zh' ? /<html lang="zh/ : /<html lang="en/);
    }
  }
});

test('The documentation loads nothing from elsewhere', async () => {
  const page = await (await fetch(new URL('/docs', base))).text();
  for (const [, address] of page.matchAll(/(?:src|href)="([^"]*)"/g)) {
    assert.match(address, /^(?:\/|#|\?|data:,$)/, address);
  }
});
