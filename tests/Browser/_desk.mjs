import { launch, logIn, open } from './launch.mjs';
import { demoNode } from './node.mjs';
const [b,n]=await Promise.all([launch(),demoNode()]); const d=await n.demo();
const g=await open(b,{width:390}); 
for (let i=0;i<2;i++){ await g.goto(d.merchants.find(m=>m.level===3).storefront_url); await g.locator('main a[href*="/p/"]').nth(i).click(); await g.fill('input[name=contact]','guest@example.com'); await g.click('form.buy-box button.dominant'); await g.waitForURL(/\/pay\/|\/sim\//); if(/\/pay\//.test(g.url())) await g.locator('main a.dominant, main button.dominant').first().click(); await g.waitForURL(/\/sim\/cashier/); await g.click('button[value=Paid]'); await g.waitForURL(/\/o\//);}
async function shots(person, role, paths, opt){ const p=await open(b,{width:1280,...opt}); await logIn(p,n.url,person); for(const [name,path] of Object.entries(paths)){ let u=path; if(path.startsWith('>')){ await p.goto(new URL(path.slice(1).split('|')[0],n.url).href); await p.locator(path.split('|')[1]).first().click(); await p.waitForLoadState(); if(path.split('|')[2]) await p.goto(p.url()+path.split('|')[2]); } else await p.goto(new URL(path,n.url).href); await p.screenshot({path:`/tmp/desk-${role}-${name}${opt?.dark?'-dark':''}${opt?.width?'-'+opt.width:''}.png`, timeout:60000}); } await p.context().close(); }
const op={home:'/console/home',orders:'/console/orders',order:'>/console/orders|main tbody a.mono',refund:'>/console/orders|main tbody a.mono|/refund',products:'/console/products',product:'>/console/products|main tbody a',sku:'>/console/supplies|main tbody a',prices:'>/console/prices|main tbody a',merchants:'/console/merchants',merchant:'>/console/merchants|main tbody a',shelf:'>/console/merchants|main tbody a|/shelf',lots:'/console/lots',newimport:'/console/imports/new',trial:'/console/trial-balance',accounts:'/console/accounts',settings:'/console/settings'};
await shots(d.operator,'op',op,{});
await shots(d.operator,'op',{home:op.home,order:op.order,trial:op.trial,newimport:op.newimport,refund:op.refund},{dark:true});
await shots(d.operator,'op',{trial:op.trial,shelf:op.shelf,home:op.home},{width:390});
await shots(d.merchants.find(m=>m.level===2),'mer',{home:'/console/merchant/home',prices:'/console/merchant/prices',earnings:'/console/merchant/earnings',agents:'/console/merchant/agents',agent:'>/console/merchant/agents|main tbody a'},{lang:'en'});
await shots(d.merchants.find(m=>m.level===3),'m3',{order:'>/console/merchant/orders|main tbody a.mono',home:'/console/merchant/home'},{lang:'en',width:390});
await shots(d.suppliers[0],'sup',{stock:'/console/supplier/stock',sales:'/console/supplier/sales',money:'/console/supplier/money'},{});
await b.close(); await n.stop();
