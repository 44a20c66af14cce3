import { launch, openPage, broken } from './bot/playground/browser/browser.ts';
import { openStandIn } from './bot/playground/browser/stand-in.ts';
import * as s from './bot/playground/browser/samples.ts';
const b=await launch(); const st=await openStandIn();
st.you('Who'); st.answer(s.topLeads,{steps:[{id:'1',title:'x',status:'done'}]}); st.you('p'); st.answer(s.pipeline); st.answer(s.changed); st.answer(s.approval()); st.answer(s.choices,{whisper:true}); st.you('',{files:[{name:'s.csv',bytes:12}]}); st.answer(s.dryRun); st.answer(s.pipeline,{writing:true});
st.answers.queue=[s.waiting()];
const seen=new Set<string>();
for (const look of [{size:'desktop',scheme:'light'},{size:'desktop',scheme:'dark'},{size:'desktop',scheme:'light',face:'json'},{size:'phone',scheme:'dark',face:'teams'}] as any[]) { const p=await openPage(b,st.url,look); await p.waitForSelector('.row'); await p.waitForTimeout(300); for(const v of await broken(p)){ const k=v.slice(0,330); if(!seen.has(k)){seen.add(k); console.log(JSON.stringify(look),k,'\n');} } await p.context().close(); }
await b.close(); await st.close();
