import { mailDomain, registrableDomain } from '../../core/domains.ts';
import { legalForms } from '../../core/names.ts';
import { readPhone } from '../../core/phone.ts';
import { regionCode } from '../../core/regions.ts';
import { visible } from '../../core/visible.ts';
import { isEveryday, isFirmWord } from './everyday.ts';
import * as formats from './formats.ts';
import type { Turn } from './history.ts';
import { ask, type Call, type Context, compact, type Pending, type Reading } from './reading.ts';
import { leadOf } from './references.ts';
import { safe, short } from './render/safe.ts';

/**
 * What to do with a message of somebody else that stands beside the order. Nothing in it is an order: it is what a lead, or a note, is made of, and
 * because those are not the user's own words, the gate makes a proposal of it.
 */
export function aboutOutside(turn: Turn, ctx: Context): Reading | undefined {
  const { user, outside } = turn;
  if (!outside?.trim()) return undefined;
  if (wantsReply.test(user)) return ask(noWriter, 0.95);
  if (wantsLead.test(user)) return leadFrom(outside);
  if (!wantsNote.test(user)) return undefined;
  const named = noteOn.exec(user)?.groups?.['lead'];
  const lead = named ? referenceTo(named, ctx) : knownBy(outside);
  const [failed] = turn.calls;
  // whoever it seems to be from is no lead here
  return lead && !failed?.answer?.error
    ? { kind: 'calls', calls: [noteFor(outside, lead)], confidence: 0.95 }
    : whichLead(outside);
}

/** Our question about such a message, found again in the reply that asked it: the message itself is not remembered. */
export function outsideAsked({ user, reply }: Turn): Pending | undefined {
  const [question, ...rest] = reply.split('\n\n');
  const kept = rest.join('\n\n');
  if (question === askLead && wantsNote.test(user)) {
    const text = kept.replace(/^> ?/gm, '');
    return { kind: 'needs', calls: [noteFor(text)], needs: [{ field: 'lead', calls: [0] }] };
  }
  if (question === askName && wantsLead.test(user))
    return {
      kind: 'needs',
      calls: [{ tool: 'create_lead', input: compact({ ...foundIn(kept) }) }],
      needs: [{ field: 'name', calls: [0] }],
    };
  return undefined;
}

const wantsLead =
  /\b(?:add|put|save|enter|make|take) (?:this|that|it|them)\b.*\b(?:leads?|prospects?)\b|\bleads? (?:from|of|out of) (?:this|that|it)\b/i;
const wantsNote = /\b(?:log|note|record|save|file) (?:this|that|it)\b/i;
const wantsReply =
  /\b(?:draft|write|compose) (?:(?:me|us|him|her|them) )?(?:an? |the |my )?(?:[a-z]+ )?(?:reply|answer|response)\b/i;
const noteOn =
  /\b(?:log|note|record|save|file) (?:this|that|it)(?: message)?(?: down)?(?: as a note)? (?:on|for|to|with|under|about|against) (?!the (?:crm|list|system|database)\b|crm\b)(?<lead>.+?)[.!]?$/i;

const askLead = 'Which lead is this about? Say its name as it stands in your list.';
const askName = 'What is the company called? The message names none that I could be sure of.';
const noWriter =
  'Writing a reply needs a model, and none answers here: I work by rules, which find and keep things but write nothing. Whoever runs this server switches one on with the key of its provider, such as ANTHROPIC_API_KEY or OPENAI_API_KEY.';

/** Room for the rest of the reply, and for what a note may hold. */
const longestQuote = 3000;
const longestNote = 2000;

function referenceTo(named: string, ctx: Context): string | undefined {
  const who = leadOf(named, ctx);
  return 'ref' in who ? who.ref : undefined;
}

const noteFor = (text: string, lead?: string): Call => ({
  tool: 'log_activity',
  input: compact({ lead, kind: 'note', text: cut(text, longestQuote) }),
});

const whichLead = (outside: string): Reading =>
  ask(`${askLead}\n\n${cut(outside, longestQuote).replace(/^/gm, '> ')}`, 0.95, {
    kind: 'needs',
    calls: [noteFor(outside)],
    needs: [{ field: 'lead', calls: [0] }],
  });

const cut = (text: string, most: number): string => visible(text).trim().slice(0, most).toWellFormed();

/** Whom it seems to be from: an address is surer than a name. */
const knownBy = (outside: string): string | undefined => {
  const { email, phone, website, name } = foundIn(outside);
  return email ?? phone ?? name ?? website;
};

function leadFrom(outside: string): Reading {
  const found = foundIn(outside);
  const { email, phone, website } = found;
  const name = found.name ?? ownDomain(found);
  if (name)
    return {
      kind: 'calls',
      calls: [{ tool: 'create_lead', input: compact({ ...found, name, note: cut(outside, longestNote) }) }],
      confidence: 0.95,
    };
  const lines = [
    ['Phone', phone],
    ['E-mail', email],
    ['Website', website],
  ].flatMap(([label, value]) => (value ? [`- ${label}: ${value}`] : []));
  return ask([askName, ...(lines.length ? [lines.join('\n')] : [])].join('\n\n'), 0.95, {
    kind: 'needs',
    calls: [{ tool: 'create_lead', input: compact({ email, phone, website }) }],
    needs: [{ field: 'name', calls: [0] }],
  });
}

interface Found {
  name?: string | undefined;
  phone?: string | undefined;
  email?: string | undefined;
  website?: string | undefined;
}

/** The company, and how it is reached, as far as a text says so plainly. */
function foundIn(text: string): Found {
  const seen = visible(text).slice(0, 12_000);
  const email = formats.email.exec(seen)?.[0].replace(/[.-]+$/, '');
  const besides = seen.replace(new RegExp(formats.email, 'g'), ' ');
  const website = formats.website.exec(besides)?.[0].replace(/[)\].,;:!?'"]+$/, '');
  const numbers = besides.replace(new RegExp(formats.website, 'gi'), ' ').match(new RegExp(formats.phone, 'gi')) ?? [];
  const phone = numbers.map((number) => number.trim()).find((number) => readPhone(number));
  return { name: companyIn(besides), phone, email, website };
}

/** A name that is written as one, longest first of what is surest. */
function companyIn(text: string): string | undefined {
  const labelled =
    /^[ \t>*•-]*(?:company|firm|business|organi[sz]ation|account|dealer)(?: name)?\*?\s*[:=–-]\s*\*?(?<name>[^\n*]+)/im.exec(
      text,
    );
  if (labelled?.groups?.['name']) return nameOf(labelled.groups['name']);
  const written = [...text.matchAll(writtenAsName)].map(([name]) => withoutOpening(name));
  const firm = written.find((name) => hasForm(name)) ?? written.find((name) => name.includes(' ') && hasTrade(name));
  if (firm) return nameOf(firm);
  const from = fromSomebody.exec(text)?.groups?.['name'];
  return from && !regionCode(from) && !isEveryday(from.toLowerCase()) ? nameOf(from) : undefined;
}

/** "Abacus Solar & Sons, LLC": words with capitals, and what joins them. */
const word = String.raw`\p{Lu}[\p{L}\p{N}'’]*(?:[.-][\p{L}\p{N}'’]+)*|\d+[\p{L}\p{N}]*|\p{Lu}\.`;
const writtenAsName = new RegExp(`(?:${word})(?:,? (?:(?:&|and|of) )?(?:${word})){0,6}`, 'gu');
const fromSomebody = new RegExp(
  String.raw`\b(?:from|at|behalf of|called|work for) (?<name>(?:${word})(?: (?:(?:&|and|of) )?(?:${word})){0,4})`,
  'u',
);

const wordsOf = (name: string): string[] => name.toLowerCase().replace(/[.,]/g, '').split(' ');
const hasForm = (name: string): boolean =>
  wordsOf(name)
    .slice(1)
    .some((one) => legalForms.has(one));
const hasTrade = (name: string): boolean => wordsOf(name).some((one) => isFirmWord(one));

/** A sentence begins with a capital, too: "Please call Abacus Solar", "Hi Ann, Abacus Solar". */
function withoutOpening(name: string): string {
  const last =
    name.split(/, (?!(?:LLC|Inc|Ltd|Co|Corp|LP|LLP|PLLC)\b)/i).findLast((part) => hasForm(part) || hasTrade(part)) ?? name;
  const words = last.split(' ');
  while (words.length > 2 && isEveryday(words[0]!.toLowerCase()) && !isFirmWord(words[0]!.toLowerCase())) words.shift();
  return words.join(' ');
}

function nameOf(raw: string): string | undefined {
  const name = short(
    safe(raw)
      .replace(/^["'“‘(]+|["'”’),;:]+$/g, '')
      .trim(),
    120,
  );
  return /\p{L}/u.test(name) ? name : undefined;
}

/** A domain of one's own stands for its company until somebody says its name. */
const ownDomain = ({ email, website }: Found): string | undefined =>
  (email && mailDomain(email.toLowerCase())) ?? (website && registrableDomain(website)) ?? undefined;
