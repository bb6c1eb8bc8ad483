// Our own signing and checking of payment channels as a program (tests/CrossCheck): a line of JSON in, a line of JSON out.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const built = ['Release', 'Debug'].map(kind => fileURLToPath(new URL(`../CrossCheck/bin/${kind}/net10.0/Lianka.Tests.CrossCheck.dll`, import.meta.url)))
  .filter(existsSync).sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];

/** Starts it; answers { ask(op, fields), stop() }. */
export function startCrossCheck() {
  assert.ok(built, 'tests/CrossCheck is not built: dotnet build tests/CrossCheck');
  const program = spawn('dotnet', [built], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = [];
  createInterface({ input: program.stdout }).on('line', line => waiting.shift().resolve(JSON.parse(line)));
  program.on('exit', () => waiting.splice(0).forEach(w => w.reject(new Error('tests/CrossCheck ended'))));
  return {
    ask: (op, fields) => new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      program.stdin.write(JSON.stringify({ op, ...fields }) + '\n');
    }),
    stop: () => program.stdin.end(),
  };
}

/** Numbers that are the same in every run. */
export function dice(seed) {
  const next = () => {
    seed = (seed + 0x6D2B79F5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = n => Math.floor(next() * n);
  const letters = [...'abcXYZ019 +&=%~*\'"()!_-./\\?#[]{}<>\n\t点卡会员😀é\u00a0'];
  return { below, text: (max = 24) => Array.from({ length: below(max + 1) }, () => letters[below(letters.length)]).join('') };
}
