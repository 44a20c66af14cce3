import type { Log } from '../../log.ts';
import { type TeamsConfig, teamsWays } from './settings.ts';
import { Transport } from './transport.ts';

/** For the doctor: what is on, and whether Microsoft lets us in. Throws in our words. */
export async function checkTeams(config: TeamsConfig, { log }: { log: Log }): Promise<string> {
  await new Transport(config, log).check();
  return [...teamsWays(config), 'Microsoft lets us in'].join('; ');
}
