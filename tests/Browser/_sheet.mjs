import { readFileSync, writeFileSync } from 'node:fs';
import { launch } from './launch.mjs';
const [out, width, ...files] = process.argv.slice(2);
const b = await launch(); const p = await (await b.newContext({ viewport: { width: 2000, height: 1400 } })).newPage();
const imgs = files.map(f => `<figure style="margin:4px;display:inline-block;vertical-align:top"><figcaption style="font:14px sans-serif">${f.split('/').pop()}</figcaption><img style="width:${width}px;border:1px solid #888" src="data:image/png;base64,${readFileSync(f).toString('base64')}"></figure>`).join('');
await p.setContent(`<body style="margin:0;background:#ccc">${imgs}</body>`); await p.screenshot({ path: out, fullPage: true }); await b.close();
