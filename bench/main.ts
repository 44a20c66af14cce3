import { benchBot } from './bot.ts';
import { benchCosts } from './costs.ts';
import { print } from './figures.ts';
import { benchGate } from './gate.ts';
import { benchImport } from './import.ts';
import { benchPlayground } from './playground.ts';
import { benchQualify } from './qualify.ts';
import { benchRouter } from './router.ts';
import { benchSearch } from './search.ts';
import { benchStart } from './start.ts';

const benches: Record<string, () => Promise<void>> = {
  start: benchStart,
  bot: benchBot,
  playground: benchPlayground,
  search: () => benchSearch(),
  gate: benchGate,
  import: benchImport,
  qualify: benchQualify,
  router: benchRouter,
  costs: () => benchCosts(),
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !benches[name]);
if (unknown.length) {
  print(`No such bench: ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}`);
  process.exitCode = 2;
} else {
  print(`Node ${process.version} on ${process.platform}; figures of one run on a shared machine: compare the ratios.\n`);
  for (const [name, run] of Object.entries(benches)) if (!asked.length || asked.includes(name)) await run();
}
