import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { catalogOf } from '../../src/tools/catalog.ts';
import { defineTool } from '../../src/tools/define.ts';
import { tools } from '../../src/tools/index.ts';

/** The shipped tools, and one that writes and then takes its time before it commits: a moment to be killed in. */
export const catalogWithSlowTool = (pauseMs: number, wrote: () => void = () => undefined) =>
  catalogOf([
    ...tools.values(),
    defineTool({
      name: 'slow_status',
      title: 'Change a status slowly',
      description: 'For tests.',
      input: z.strictObject({ lead: z.string() }),
      output: z.object({ name: z.string() }),
      risk: 'write',
      async run({ lead }, { records }, ctx) {
        const found = (await records.leads.find(lead)).leads[0]!;
        await records.leads.update(found.id, { status: 'qualified' });
        await records.activities.log({ leadId: found.id, kind: 'note', text: 'slowly', at: new Date() });
        // a preview is over at once: only the effect is slow
        if (ctx.actor.surface === 'terminal') {
          wrote();
          await sleep(pauseMs);
        }
        return { name: found.name };
      },
    }),
  ]);
