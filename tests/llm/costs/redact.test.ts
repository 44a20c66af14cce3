import { describe, expect, it } from 'vitest';
import { redact } from '../../../src/llm/costs/redact.ts';

// put together here, so that nobody takes them for real ones
const slack = ['xoxb', '123456789012', 'abcdEFGH1234'].join('-');
const ours = ['sk', 'a1b2c3d4e5f6', 'abcdefghijklmnop'].join('_');
const openai = ['sk', 'proj', 'abcdEFGH1234abcdEFGH1234'].join('-');
const anthropic = ['sk', 'ant', 'api03', 'abcdEFGH1234_abcd'].join('-');

describe('texts that are kept', () => {
  it.each([
    ['Mail jane.doe+leads@acme-hvac.co.uk today', 'Mail [e-mail] today'],
    ['josé@señor.example and j%40x.example', '[e-mail] and [e-mail]'],
    ['(713) 555-0142 or 713.555.0142', '[phone] or [phone]'],
    ['+49 30 901820, 0049 30 901820', '[phone], [phone]'],
    ['phone 7135550142.', 'phone [phone].'],
    ['{"phone":"+1 713-555-0142","n":3}', '{"phone":"[phone]","n":3}'],
    [`key ${openai}`, 'key [key]'],
    ['Authorization: Bearer abcdef0123456789abcdef', 'Authorization: Bearer [key]'],
    ['password: hunter22!x and "api_key": "zzzz1111"', 'password: [key] and "api_key": "[key]"'],
    ['AKIAIOSFODNN7EXAMPLE', '[key]'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.sflKxwRJSMeKKF2QT4', '[key]'],
    ['postgresql://joe:secret@db.example:5432/x', 'postgresql://[key]@db.example:5432/x'],
    ['-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\nrest', '[key]\nrest'],
    [`${slack}, ${ours}`, '[key], [key]'],
    [`{"k":"${anthropic}"}`, '{"k":"[key]"}'],
  ])('lose what is personal or opens a door: %s', (text, expected) => expect(redact(text)).toBe(expected));

  it.each([
    'Due 2026-11-21, or 21.11.2026, or 11/21/2026 at 14:30.',
    'lead 019aa2f4-7c1e-7b8a-9d5e-0123456789ab scored 83.5 of 100',
    'It cost $1234567.89 and 0.000000123456 USD for 1200000 tokens.',
    'Suite 200, ZIP 77002-1234',
    'tokens: 4096, token count 12',
  ])('keep what is neither: %s', (text) => expect(redact(text)).toBe(text));
});
