import { chromium } from 'playwright-core';
const browser = await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox']});
const p=await (await browser.newContext({viewport:{width:1440,height:1000}})).newPage();
p.on('console',m=>console.log('console',m.type(),m.text())); p.on('pageerror',e=>console.log('pageerror',e.message));
const t0=Date.now(); await p.goto('http://127.0.0.1:3999/'); await p.waitForSelector('.idea, .row'); console.log('interactive',Date.now()-t0);
const say=async(t)=>{ await p.fill('#say',t); await p.keyboard.press('Enter'); await p.waitForTimeout(600); await p.waitForFunction("!document.querySelector('.send.stop') && !document.querySelector('.bubble.going')",undefined,{timeout:20000}); await p.waitForTimeout(500); };
let i=0; for(const t of process.argv.slice(2)){ await say(t); i++; console.log('---',t); console.log((await p.locator('.row').last().innerText()).slice(0,1200)); await p.screenshot({path:`/tmp/shots/real-${i}.png`}); }
await browser.close();
