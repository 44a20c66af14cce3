import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generatedDocs } from '../scripts/docs.ts';

describe('generated texts', () => {
  it('are what the code says (npm run generate)', async () => {
    for (const [file, text] of await generatedDocs()) expect(readFileSync(file, 'utf8'), file).toBe(text);
  });

  it('the README shows the two commands', () => {
    const readme = readFileSync('README.md', 'utf8');
    expect(readme).toContain('npm install && npm start');
    expect(readme).toContain('npm install && npm test');
  });
});
