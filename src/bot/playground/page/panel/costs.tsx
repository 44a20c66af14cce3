import { agentName, modelName, money } from '../messages.ts';
import { usePage } from '../store.ts';
import { Empty } from './panel.tsx';

/** What models cost of late, by agent. */
export function CostsPart() {
  const { state } = usePage();
  const { costs, me } = state;
  if (!costs) return <Empty title="No costs to show">What models cost is shown to people of this workspace.</Empty>;
  const saved = Number(costs.cache_stats.estimated_savings_usd);
  return (
    <>
      <h2 class="hidden">Costs of the last 24 hours</h2>
      <p class="sum">
        <span class="sum-figure">{money(costs.total_cost_usd)}</span>
        <span class="faint">
          in the last 24 hours, {costs.total_requests.toLocaleString('en-US')}{' '}
          {costs.total_requests === 1 ? 'request' : 'requests'}
        </span>
      </p>
      <p class="who-answers">
        Answers come from <strong>{me?.model}</strong>.
        {me?.reasons === false && ' They cost nothing; a key of any provider switches models on.'}
      </p>
      {costs.by_agent.length > 0 && (
        <table class="plain-table">
          <caption class="hidden">By agent</caption>
          <thead>
            <tr>
              <th scope="col">Agent</th>
              <th scope="col" class="right">
                Requests
              </th>
              <th scope="col" class="right">
                Cost
              </th>
            </tr>
          </thead>
          <tbody>
            {costs.by_agent.map((row) => (
              <tr key={`${row.agent_type} ${row.agent_mode} ${row.primary_model}`}>
                <th scope="row">
                  {agentName(row.agent_type)}
                  <span class="faint"> {modelName(row.primary_model)}</span>
                </th>
                <td class="right">{row.total_requests.toLocaleString('en-US')}</td>
                <td class="right">{money(row.total_cost_usd)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {saved > 0 && <p class="faint">Kept answers saved about {money(costs.cache_stats.estimated_savings_usd)}.</p>}
    </>
  );
}
