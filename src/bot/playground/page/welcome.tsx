import * as icons from './icons.tsx';
import { sampleList } from './sample.ts';
import { usePage } from './store.ts';

/** What a newcomer sees: what this is, and things to say that show it at once. */
export function Welcome() {
  const { state, session } = usePage();
  const { me, who } = state;
  if (!me || !who) return null;
  const stranger = me.who === null;
  return (
    <section class="welcome" aria-labelledby="welcome">
      <h2 id="welcome">{stranger ? 'This is what an outsider sees' : 'Talk to your sales assistant'}</h2>
      <p class="lead">
        {stranger
          ? 'Somebody of another company who writes to the assistant learns nothing about your leads. Try it.'
          : 'Every answer is drawn exactly as your team would get it in Slack and in Teams.'}
        {me.demo && !stranger && ' The companies are made up, so try anything.'}
      </p>
      <ul class="ideas">
        {me.suggestions.map((idea) => (
          <li key={idea}>
            <button type="button" class="idea" onClick={() => void session.say(idea)}>
              <span>{idea}</span>
              <icons.Arrow />
            </button>
          </li>
        ))}
        {!stranger && (
          <li class="wide">
            <button type="button" class="idea list" onClick={() => session.attach([sampleList()])}>
              <icons.Sheet size={22} />
              <span>
                Import a list
                <span class="faint">
                  Take our sample, a repeat and a nameless row in it, or drop a file of your own: CSV or Excel.
                </span>
              </span>
              <icons.Arrow />
            </button>
          </li>
        )}
      </ul>
      {!stranger && (
        <dl class="promises">
          <div>
            <dt>It asks first</dt>
            <dd>What reaches a customer, or many records, waits under Approvals for a person.</dd>
          </div>
          <div>
            <dt>It shows receipts</dt>
            <dd>What was changed stands under Receipts, with the way back beside it.</dd>
          </div>
          <div>
            <dt>It says what it cost</dt>
            <dd>{me.reasons ? `${me.model}, to the last digit.` : 'Without a model it answers by fixed rules, for nothing.'}</dd>
          </div>
        </dl>
      )}
    </section>
  );
}
