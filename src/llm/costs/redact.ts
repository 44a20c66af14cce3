/**
 * Strikes personal data and keys out of a text that is kept: e-mail addresses, phone numbers, and whatever opens a door. Rather too much than
 * too little; dates, ids and amounts stay readable.
 */
export function redact(text: string): string {
  let struck = text;
  for (const [pattern, put] of secrets) struck = struck.replace(pattern, put);
  return struck.replace(number, (found) => (isPhone(found) ? '[phone]' : found));
}

const secrets: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[key]'],
  // JSON web tokens, and addresses with a password in them
  [/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, '[key]'],
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@:]+:[^\s/@]+@/gi, '$1[key]@'],
  // vendors' keys by how they begin: sk-..., sk_..., gsk_..., csk-..., ghp_..., xoxb-..., AKIA..., AIza..., SG....
  [
    /\b(?:sk|pk|rk|gsk|csk|xai|ghp|gho|ghs|github_pat|glpat|xox[abeoprs]|xapp|whsec|hf|npm|pat|key|token)[-_][A-Za-z0-9_-]{12,}/g,
    '[key]',
  ],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{12,}|\bAIza[\w-]{20,}|\bSG\.[\w-]{10,}\.[\w-]{10,}|\bya29\.[\w-]{10,}/g, '[key]'],
  [/\b(bearer|basic)\s+[A-Za-z0-9+/_.=-]{12,}/gi, '$1 [key]'],
  // "password": "...", api_key=..., secret: ...
  [
    /\b((?:api[-_ ]?key|access[-_ ]?key|secret|password|passwd|passphrase|pwd|token)["']?\s*(?:is|:|=|=>)\s*["']?)[^\s"',;}]{4,}/gi,
    '$1[key]',
  ],
  // long runs of hexadecimal digits
  [/\b[0-9a-f]{40,}\b/gi, '[key]'],
  [/[\p{L}\p{N}._%+'-]+(?:@|\s?\[at\]\s?|%40)[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/giu, '[e-mail]'],
];

/** Seven digits or more, with what people put between them; not inside a word, an id, an amount or a number with decimals. */
const number = /(?<![\w$€£#.,-])(?:\+|00)?\(?\d[\d\s().\-/ ]{5,}\d(?![\w-]|[.,]\d)/gu;

function isPhone(found: string): boolean {
  const text = found.trim();
  const digits = text.replace(/\D/g, '');
  if (digits.length < 7 || digits.length > 15) return false;
  // a count; nine digits without anything between them are more likely somebody's number
  if (text === digits && digits.length < 9) return false;
  // an amount, a ZIP code, 2026-11-21, 2026-11-21 14, 21.11.2026
  return ![
    /^\d+\.\d+$/,
    /^\d{5}-\d{4}$/,
    /^(?:19|20)\d{2}[-/.](?:0?[1-9]|1[0-2])[-/.]\d{1,2}(?:[\sT]\d{0,2})?$/,
    /^\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d{2}$/,
  ].some((other) => other.test(text));
}
