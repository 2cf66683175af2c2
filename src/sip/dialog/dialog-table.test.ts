import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DialogTable } from './dialog-table.ts';

test('it finds, replaces and lets go whatever shares identifiers, as a map of all three would', () => {
  const name = fc.constantFrom('a', 'b', 'c');
  const step = fc.record({ does: fc.constantFrom('add', 'remove'), callId: name, localTag: name, remoteTag: name });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const table = new DialogTable<number>();
      const model = new Map<string, number>();
      for (const [at, { does, callId, localTag, remoteTag }] of steps.entries()) {
        const key = `${callId} ${localTag} ${remoteTag}`;
        if (does === 'add') {
          table.add(callId, localTag, remoteTag, at);
          model.set(key, at);
        } else {
          table.remove(callId, localTag, remoteTag);
          model.delete(key);
        }
        expect(table.size).toBe(model.size);
        expect([...table.owners()].sort()).toEqual([...model.values()].sort());
        for (const one of ['a', 'b', 'c'])
          for (const two of ['a', 'b', 'c'])
            for (const three of ['a', 'b', 'c'])
              expect(table.find(one, two, three)).toBe(model.get(`${one} ${two} ${three}`));
      }
    }),
  );
});
