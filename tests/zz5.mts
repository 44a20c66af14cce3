import { chromium } from 'playwright-core';
const browser = await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox']});
const p=await (await browser.newContext({viewport:{width:1440,height:1000}})).newPage();
p.on('console',m=>console.log('console',m.type(),m.text())); p.on('pageerror',e=>console.log('pageerror',e.message));
p.on('response',async r=>{ if(r.status()>=400) console.log(r.status(), r.url(), (await r.text()).slice(0,300)); });
await p.goto('http://127.0.0.1:3999/'); await p.waitForSelector('.person'); await p.click('#people'); await p.getByRole('menuitemradio',{name:/Dana/}).click(); await p.getByRole('button',{name:/Import a list/}).click(); await p.waitForTimeout(800); await p.screenshot({path:'/tmp/shots/imp-0.png'}); await p.locator('#say').press('Enter'); await p.waitForTimeout(7000); console.log(await p.locator('.rows').innerText()); await p.screenshot({path:'/tmp/shots/imp-1.png'});
await browser.close();
