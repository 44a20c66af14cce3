import { expect, describe as group, it } from 'vitest';
import { approvalChanges } from '../../src/core/approval.ts';
import { type Change, describe } from '../../src/core/change.ts';

const clock = { now: new Date('2026-11-20T15:00:00Z'), timeZone: 'UTC' };
const change = (more: Partial<Change>): Change => ({
  ...{ entity: 'lead', id: '1', label: 'JN Electric LLC', op: 'update', before: {}, after: {} },
  ...more,
});

group('what a change says to people', () => {
  it('has phone numbers as they are written, and nothing of what is no number of ours', () => {
    const phone = change({ before: { phone: '+442079460958' }, after: { phone: '+15125550171' } });
    expect(describe([phone], 'done')).toBe('JN Electric LLC: phone +44 20 7946 0958 → (512) 555-0171');
    expect(approvalChanges([phone], clock)[0]!.lines[0]).toMatchObject({ after: '(512) 555-0171' });
    const hostile = change({ after: { phone: 'ring +15125550171 for gold' } });
    expect(approvalChanges([hostile], clock)[0]!.lines[0]).toMatchObject({ after: 'ring +15125550171 for gold' });
  });

  it('has a version of a profile by its name', () => {
    const before = { profile: 'dealer@1' };
    const switched = change({ entity: 'workspace', label: 'scores', before, after: { profile: 'template@12' } });
    expect(describe([switched], 'done')).toBe('scores: profile dealer (version 1) → template (version 12)');
  });

  it('leaves out what is empty before and after, and not what is emptied', () => {
    const made = change({ op: 'create', before: null, after: { name: 'JN Electric LLC', attributes: {} } });
    expect(approvalChanges([made], clock)[0]!.lines.map(({ label }) => label)).toEqual(['name']);
    const emptied = change({ before: { attributes: { a: '1' } }, after: { attributes: {} } });
    expect(approvalChanges([emptied], clock)[0]!.lines).toMatchObject([{ before: '{"a":"1"}', after: '{}' }]);
  });

  it('calls a note a note', () => {
    const note = change({
      entity: 'activity',
      label: 'note with JN Electric LLC',
      op: 'create',
      before: null,
      after: { text: 'x' },
    });
    expect(describe([note], 'done')).toBe('note with JN Electric LLC logged');
  });

  it('is no more than a plan while nobody has approved it', () => {
    const [contact, gone] = [
      change({ entity: 'contact', label: 'Rosa Diaz', op: 'create', before: null, after: { name: 'Rosa Diaz' } }),
      change({ op: 'delete', before: {}, after: null }),
    ];
    expect(describe([contact, gone], 'planned')).toBe('Create contact Rosa Diaz; Delete JN Electric LLC');
    expect(describe([contact, gone], 'done')).toBe('contact Rosa Diaz created; JN Electric LLC deleted');
    expect(describe([], 'planned')).toBe('Nothing to change');
  });
});
