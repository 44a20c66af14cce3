import { numberOf } from './numbers.ts';
import type { Remainder } from './remainder.ts';

/** How to sort, and how many to show. */
export const orderIn = (left: Remainder): { sort?: 'score' | 'name' | 'newest' | 'oldest'; limit?: number } => {
  const input: { sort?: 'score' | 'name' | 'newest' | 'oldest'; limit?: number } = {};
  const latest = left.take(
    /(?<!\S)(?:the )?(?:last|latest|newest) (\d{1,2}|two|three|four|five|six|ten)(?: (?:leads|prospects|companies|ones))?(?: (?:that|which|we|to))*(?: (?:came in|come in|added|add|imported|be added|in))?(?!\S)(?! (?:days?|weeks?|months?|hours?))/,
  );
  if (latest?.[1]) return { sort: 'newest', limit: numberOf(latest[1]) };
  if (
    left.take(
      /\b(?:(?:sort(?:ed)?|order(?:ed)?|arranged?|rank(?:ed)?)(?: (?:them|it|those|these|the list))?(?: by| on)? (?:the )?(?:company )?(?:names?|alphabet(?:ical(?:ly)?)?)|(?:by|in) (?:name|alphabetical order)|alphabetical(?:ly)?(?: order)?|a-z|a to z)\b/,
    )
  )
    input.sort = 'name';
  else if (
    left.take(
      /\b(?:(?:sort(?:ed)?|order(?:ed)?) (?:them |it |those )?(?:by|on) )?(?:newest|latest|most recent(?:ly added)?|date added|recency)(?: first)?\b/,
    )
  )
    input.sort = 'newest';
  else if (left.take(/\b(?:(?:sort(?:ed)?|order(?:ed)?) (?:them |it |those )?by )?(?:oldest|longest)(?: first)?\b/))
    input.sort = 'oldest';
  else if (
    left.take(
      /\b(?:(?:sort(?:ed)?|order(?:ed)?|rank(?:ed)?) (?:them |it |those )?by |by )(?:score|rating|icp|tier|points|best)(?: (?:first|desc(?:ending)?))?|\b(?:best|highest|top|strongest|hottest)(?:[ -](?:scor(?:ing|ed|es)|rated|ranked))?(?: first)?\b/,
    )
  )
    input.sort = 'score';
  const amount =
    left.take(
      /(?<!\S)(?:top|first|next|best|give me|show me|show|list|get me|just|only|limit(?: to)?|up to|\u0001+) (\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|dozen|twenty|fifty|a few|a couple of|a dozen)(?!\S)/,
    ) ??
    left.take(
      /(?<!\S)(\d{1,3}|two|three|four|five|ten|twenty|a dozen)(?= (?:\S+ ){0,3}(?:leads|prospects|companies|accounts|contractors|electricians|plumbers))/,
    );
  const limit = amount?.[1] ? numberOf(amount[1].replace(/^a (?=dozen)/, '')) : undefined;
  if (limit && limit > 0) input.limit = Math.min(limit, 50);
  return input;
};
