import * as nodeFiles from 'node:fs';
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LiveState, type LiveStateOptions, type LiveStateTrouble } from './index.ts';
import type { Files } from './journal.ts';

let directory: string;
let opened: LiveState | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tandem-live-'));
});
afterEach(() => {
  letGo();
  rmSync(directory, { recursive: true, force: true });
});

function open(options: LiveStateOptions = {}): { state: LiveState; calls: Map<string, string> } {
  const result = LiveState.open(directory, options);
  opened = result.state;
  return result;
}

/** The owner is gone: its lock falls, whatever it had not flushed with it. Only descriptors are closed. */
function letGo(): void {
  opened?.abandon();
  opened = undefined;
}

const journals = () => readdirSync(directory).filter((name) => name.startsWith('live-') && name.endsWith('.journal'));
const newest = () => join(directory, journals().sort().at(-1)!);

/** Zeroes behind the last frame. */
const endMark = 8;

/** A file system that dies at its n-th change, half way through it when it is a write. */
class Killed extends Error {}
function dying(atChange: number, share: number): Files {
  let changes = 0;
  let dead = false;
  const change = (): boolean => {
    if (dead) throw new Killed();
    dead = ++changes > atChange;
    return dead;
  };
  return {
    ...nodeFiles,
    openSync: ((path: string, flags: string, mode?: number) => {
      if (flags !== 'r+' && change()) throw new Killed();
      return nodeFiles.openSync(path, flags, mode);
    }) as Files['openSync'],
    renameSync: (from, to) => {
      if (change()) throw new Killed();
      nodeFiles.renameSync(from, to);
    },
    unlinkSync: (path) => {
      if (change()) throw new Killed();
      nodeFiles.unlinkSync(path);
    },
    ftruncateSync: (fd, length) => {
      if (change()) throw new Killed();
      nodeFiles.ftruncateSync(fd, length);
    },
    writeSync: ((fd: number, bytes: Buffer, offset: number, length: number, position: number) => {
      if (change()) {
        const part = Math.floor(length * share);
        if (part > 0) nodeFiles.writeSync(fd, bytes, offset, part, position);
        throw new Killed();
      }
      return nodeFiles.writeSync(fd, bytes, offset, length, position);
    }) as Files['writeSync'],
  };
}

const steps = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ call: fc.integer({ min: 0, max: 6 }), size: fc.integer({ min: 0, max: 900 }) }),
    },
    { weight: 1, arbitrary: fc.record({ call: fc.integer({ min: 0, max: 6 }), size: fc.constant(undefined) }) },
    { weight: 2, arbitrary: fc.constant('flush' as const) },
  ),
  { maxLength: 120 },
);

describe('killed at any moment', () => {
  // Small segments and no slack: rotation and compaction happen all the time.
  const tight = { segmentBytes: 1500, slackBytes: 1000 };

  test('the state is that of the last complete flush, or of the one that was under way: never anything else', () => {
    fc.assert(
      fc.property(steps, fc.nat(150), fc.double({ min: 0, max: 1, noNaN: true }), (walk, killAt, share) => {
        for (const name of readdirSync(directory)) rmSync(join(directory, name));
        let before = new Map<string, string>();
        let under = before;
        const model = new Map<string, string>();
        let serial = 0;
        const troubles: LiveStateTrouble[] = [];
        try {
          const { state } = open({ ...tight, files: dying(killAt, share), onTrouble: (t) => troubles.push(t) });
          for (const step of walk) {
            if (step === 'flush') {
              under = new Map(model);
              state.flush();
              // A dead process does not learn that its write failed; ours tells by its trouble.
              if (troubles.length > 0) break;
              before = under;
            } else if (step.size === undefined) {
              state.forget(`call-${step.call}`);
              model.delete(`call-${step.call}`);
            } else {
              const text = `${serial++}:`.padEnd(step.size, 'x');
              state.checkpoint(`call-${step.call}`, text);
              model.set(`call-${step.call}`, text);
            }
          }
        } catch (error) {
          if (!(error instanceof Killed)) throw error; // died within open
        }
        letGo();
        const { calls } = open(tight);
        const found = sorted(calls);
        expect([sorted(before), sorted(under)]).toContainEqual(found);
        letGo();
        expect(sorted(open(tight).calls)).toEqual(found);
        letGo();
      }),
      { numRuns: 150 },
    );
  });

  test('cut at every byte of the last flush, that flush counts only when it is whole', () => {
    const prepare = () => {
      for (const name of readdirSync(directory)) rmSync(join(directory, name));
      const { state } = open();
      state.checkpoint('kept', 'before');
      state.checkpoint('gone', 'before');
      state.flush();
      const from = statSync(newest()).size - endMark;
      state.checkpoint('kept', 'after');
      state.forget('gone');
      state.checkpoint('new', 'after');
      state.flush();
      letGo();
      return { from, to: statSync(newest()).size };
    };
    const { from, to } = prepare();
    for (let cut = from; cut <= to; cut++) {
      prepare();
      truncateSync(newest(), cut);
      const troubles: LiveStateTrouble[] = [];
      const { calls, state } = open({ onTrouble: (t) => troubles.push(t) });
      // The end mark behind it may be missing.
      const whole = cut >= to - endMark;
      expect(Object.fromEntries(calls)).toEqual(
        whole ? { kept: 'after', new: 'after' } : { kept: 'before', gone: 'before' },
      );
      expect(troubles).toEqual(
        whole || cut === from ? [] : [{ kind: 'torn', file: newest(), at: from, bytes: cut - from }],
      );
      // What is written after the cut is found again.
      state.checkpoint('later', 'state');
      state.flush();
      letGo();
      expect(open().calls.get('later')).toBe('state');
      letGo();
    }
  });

  test('in a file that is written again, what the earlier segment held is never taken for new', () => {
    let killing = false;
    const files: Files = {
      ...nodeFiles,
      // The kill comes when the frame is written and the end mark behind it is not.
      writeSync: ((fd: number, bytes: Buffer, offset: number, length: number, position: number) => {
        const written = nodeFiles.writeSync(fd, bytes, offset, killing ? length - endMark : length, position);
        if (killing) throw new Killed();
        return written;
      }) as Files['writeSync'],
      ftruncateSync: (fd, length) => {
        if (killing) throw new Killed();
        nodeFiles.ftruncateSync(fd, length);
      },
    };
    const { state } = open({ segmentBytes: 1000, slackBytes: 1000, files });
    let serial = 100;
    // All frames are of one length: an earlier one begins just where a new one ends.
    const turn = () => {
      state.checkpoint('call', `${++serial}`);
      state.flush();
    };
    turn();
    const first = statSync(newest()).ino;
    for (let n = 0; n < 60; n++) turn();
    for (let n = 0; n < 500 && statSync(newest()).ino !== first; n++) turn();
    expect(statSync(newest()).ino).toBe(first);
    killing = true;
    turn();
    letGo();
    expect(Object.fromEntries(open().calls)).toEqual({ call: `${serial}` });
  });

  test('a flipped bit or a tail of zeroes is cut like a torn write', () => {
    for (const damage of ['flip', 'zeroes'] as const) {
      for (const name of readdirSync(directory)) rmSync(join(directory, name));
      const { state } = open();
      state.checkpoint('call', 'good');
      state.flush();
      const size = statSync(newest()).size;
      state.checkpoint('call', 'damaged');
      state.flush();
      letGo();
      const bytes = nodeFiles.readFileSync(newest());
      if (damage === 'flip') bytes[bytes.length - endMark - 1]! ^= 1;
      else bytes.fill(0, size - endMark);
      writeFileSync(newest(), bytes);
      expect(open().calls.get('call')).toBe('good');
      letGo();
    }
  });
});

describe('compaction', () => {
  test('the journal stays within its slack and twice what is live, and keeps calls that never change', () => {
    const { state } = open({ segmentBytes: 64 * 1024, slackBytes: 256 * 1024 });
    for (let call = 0; call < 50; call++) state.checkpoint(`long-${call}`, `held ${call} `.padEnd(3000, '.'));
    state.flush();
    let most = 0;
    for (let turn = 0; turn < 3000; turn++) {
      state.checkpoint(`brief-${turn}`, 'x'.repeat(2000));
      if (turn >= 10) state.forget(`brief-${turn - 10}`);
      state.flush();
      most = Math.max(most, state.bytes.total);
    }
    expect(state.size).toBe(60);
    // Slack, twice the live bytes (60 calls), and one segment that is being walked.
    expect(most).toBeLessThan(256 * 1024 + 2 * 60 * 3100 + 2 * 64 * 1024);
    const onDisk = readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
    // Files that are written again keep their length; one is in store.
    expect(onDisk).toBeLessThan(most + journals().length * 3000 + 2 * 64 * 1024);
    letGo();
    const { calls } = open();
    expect(calls.size).toBe(60);
    for (let call = 0; call < 50; call++) expect(calls.get(`long-${call}`)).toBe(`held ${call} `.padEnd(3000, '.'));
  });

  test('a segment in which nothing counts any more goes without having been read', () => {
    const files: Files = {
      ...nodeFiles,
      readSync: (() => {
        throw new Error('it was read');
      }) as Files['readSync'],
    };
    const { state } = open({ segmentBytes: 1000, slackBytes: 4000, files });
    for (let turn = 0; turn < 200; turn++) {
      state.checkpoint(`brief-${turn}`, 'x'.repeat(300));
      if (turn > 1) state.forget(`brief-${turn - 2}`);
      state.flush();
    }
    expect(state.bytes.total).toBeLessThan(4000 + 2 * 700 + 2 * 1400);
    letGo();
    expect([...open().calls.keys()]).toEqual(['brief-198', 'brief-199']);
  });

  test('an entry larger than the window that compaction reads is carried whole', () => {
    const { state } = open({ segmentBytes: 1000, slackBytes: 1000 });
    const huge = 'h'.repeat(300_000);
    state.checkpoint('huge', huge);
    state.checkpoint('small', 's');
    state.flush();
    const first = journals()[0];
    for (let turn = 0; turn < 600; turn++) {
      state.checkpoint('busy', `${turn}`.padEnd(2000));
      state.flush();
    }
    expect(journals()).not.toContain(first);
    letGo();
    const { calls } = open();
    expect(calls.get('huge')).toBe(huge);
    expect(calls.get('small')).toBe('s');
  });
});

describe('trouble with the disk', () => {
  test('a full disk is told once, nothing is lost, and it is told when it is over', () => {
    let full = false;
    let clock = 0;
    const files: Files = {
      ...nodeFiles,
      writeSync: ((fd: number, bytes: Buffer, offset: number, length: number, position: number) => {
        if (!full) return nodeFiles.writeSync(fd, bytes, offset, length, position);
        // As the system does: part of it first, then no more.
        nodeFiles.writeSync(fd, bytes, offset, length >> 1, position);
        throw new Error('ENOSPC: no space left on device, write');
      }) as Files['writeSync'],
    };
    const troubles: LiveStateTrouble[] = [];
    const { state } = open({ files, onTrouble: (t) => troubles.push(t), now: () => clock });
    state.checkpoint('before', 'state');
    state.flush();
    full = true;
    state.checkpoint('one', 'state');
    state.flush();
    clock += 2000;
    state.checkpoint('two', 'state');
    state.forget('before');
    state.flush();
    expect(troubles).toEqual([{ kind: 'unwritable', detail: 'ENOSPC: no space left on device, write', waiting: 1 }]);
    full = false;
    state.checkpoint('three', 'state');
    // Not yet: a broken disk is not asked every turn.
    state.flush();
    expect(troubles).toHaveLength(1);
    clock += 2000;
    state.flush();
    expect(troubles.at(-1)).toEqual({ kind: 'recovered' });
    letGo();
    expect([...open().calls.keys()].sort()).toEqual(['one', 'three', 'two']);
  });

  test('a journal of another version is refused, not overwritten', () => {
    writeFileSync(join(directory, 'live-0000000001.journal'), 'TDMLIVE9 whatever follows');
    expect(() => open()).toThrow(/not a journal this version can read/);
    expect(statSync(newest()).size).toBe(25);
    // And the lock is free again.
    rmSync(newest());
    expect(open().calls.size).toBe(0);
  });

  test('the directory is created for its owner only, and so are the files', () => {
    const inner = join(directory, 'a', 'b');
    const { state } = LiveState.open(inner);
    expect(statSync(inner).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(inner).filter((name) => name.endsWith('.journal')))
      expect(statSync(join(inner, name)).mode & 0o777).toBe(0o600);
    expect(() => LiveState.open(inner)).toThrow(`in use by process ${process.pid}`);
    state.close();
  });

  test('a call name that cannot be written is refused at once', () => {
    const { state } = open();
    expect(() => state.checkpoint('', 'state')).toThrow(RangeError);
    expect(() => state.checkpoint('n'.repeat(86), 'state')).toThrow(RangeError);
    state.checkpoint('漢'.repeat(85), 'state');
    state.flush();
    letGo();
    expect(open().calls.size).toBe(1);
  });
});

function sorted(calls: Map<string, string>): [string, string][] {
  return [...calls].sort(([a], [b]) => (a < b ? -1 : 1));
}
