import { describe, expect, it } from 'vitest';
import { ClaimFilter, claimsAction } from '../../src/agents/claims.ts';

describe('a claim of action', () => {
  it.each([
    "I've marked JN Electric as contacted.",
    'I have just sent the e-mail!',
    'The lead has been updated.',
    'It is now assigned to Ann.',
    'Done.',
    'All done!',
    'Successfully imported 20 rows.',
    'We’ve already booked it.',
  ])('is seen in: %s', (text) => {
    expect(claimsAction(text)).toBe(true);
  });
  it.each([
    'I have not changed anything.',
    'Nothing has been sent.',
    'It was contacted on May 3.',
    'Shall I mark it as contacted?',
    'If I had sent it you would see it.',
    '- "done with the Abacus task" completes one',
    '3 leads were added last week.',
  ])('is not seen in: %s', (text) => {
    expect(claimsAction(text)).toBe(false);
  });

  it('is held back wherever the pieces of the stream fall, and let through once there is a receipt', () => {
    const text = "Right. I've deleted the lead. Bye.";
    for (let size = 1; size < text.length; size++) {
      const filter = new ClaimFilter(() => false);
      let out = '';
      for (let i = 0; i < text.length; i += size) out += filter.push(text.slice(i, i + size));
      expect(out + filter.end()).toBe('Right. Bye. Nothing was changed: no receipt was written in this turn.');
    }
    const open = new ClaimFilter(() => true);
    expect(open.push(text) + open.end()).toBe(text);
  });
});
