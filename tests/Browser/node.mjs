// Nodes for the tests. ./test starts one with demo data for all of them; a test that needs another starts its own.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const lianka = fileURLToPath(new URL('../../lianka', import.meta.url));

/** Below this path the nodes of the tests answer as well. */
export const prefix = '/lianka';

/** Starts a node in an empty data folder on a free port; resolves when it is ready. */
export async function startNode({ scenario = 'none' } = {}) {
  const data = await mkdtemp(join(tmpdir(), 'lianka-browser-'));
  const child = spawn(lianka, ['serve'], {
    env: { ...process.env, LIANKA_DATA: data, LIANKA_URLS: 'http://127.0.0.1:0', LIANKA_DATABASE: 'sqlite', LIANKA_SCENARIO: scenario, LIANKA_PATH_PREFIX: prefix },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  process.once('exit', () => child.kill());
  let output = '';
  const ended = new Promise(resolve => child.once('exit', resolve));
  const url = await new Promise((resolve, reject) => {
    const read = chunk => {
      output += chunk;
      const ready = /^Lianka is ready at (\S+)$/m.exec(output);
      if (ready) resolve(ready[1]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    ended.then(code => reject(new Error(`The node ended with ${code}:\n${output}`)));
  });
  return {
    url,
    data,
    /** What the node has printed so far. */
    output: () => output,
    demo: async () => JSON.parse(await readFile(join(data, 'demo.json'), 'utf8')),
    async stop() {
      child.kill('SIGTERM');
      await ended;
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** The demo node that ./test started, or one of our own. */
export async function demoNode() {
  if (!process.env.LIANKA_DEMO) return startNode({ scenario: 'three-level-agents' });
  const demo = JSON.parse(await readFile(process.env.LIANKA_DEMO, 'utf8'));
  return { url: demo.base_url, demo: async () => demo, stop: async () => {} };
}
