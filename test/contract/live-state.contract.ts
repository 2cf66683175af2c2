import { afterEach, describe, expect, test } from 'vitest';

/** What every adapter of the live state does, embedded or distributed. */
export interface LiveStatePort {
  checkpoint(call: string, state: string): void;
  forget(call: string): void;
  flush(): void;
  close(): void;
}

/** One place where live state is kept, empty at first. */
export interface LiveStatePlace {
  open(): Promise<{ state: LiveStatePort; calls: Map<string, string> }>;
  /** Lets go of everything opened as the death of the process would: no flush, no close. */
  kill(): Promise<void>;
  dispose(): Promise<void>;
}

/** The contract suite: `make` gives a fresh place for each test. */
export function liveStateContract(name: string, make: () => Promise<LiveStatePlace>): void {
  describe(`live state: ${name}`, () => {
    let place: LiveStatePlace | undefined;
    const fresh = async () => {
      place = await make();
      return place;
    };
    afterEach(async () => {
      await place?.dispose();
      place = undefined;
    });

    test('a fresh place has no calls', async () => {
      const { calls } = await (await fresh()).open();
      expect(calls.size).toBe(0);
    });

    test('what was flushed outlives a kill; what was not does not', async () => {
      const here = await fresh();
      const { state } = await here.open();
      state.checkpoint('one', '{"n":1}');
      state.checkpoint('two', '{"n":2}');
      state.flush();
      state.checkpoint('three', '{"n":3}');
      state.forget('one');
      await here.kill();
      const { calls } = await here.open();
      expect([...calls].sort()).toEqual([
        ['one', '{"n":1}'],
        ['two', '{"n":2}'],
      ]);
    });

    test('the last checkpoint of a call counts', async () => {
      const here = await fresh();
      const { state } = await here.open();
      state.checkpoint('call', 'first');
      state.checkpoint('call', 'second');
      state.flush();
      state.checkpoint('call', 'third');
      state.flush();
      await here.kill();
      expect((await here.open()).calls).toEqual(new Map([['call', 'third']]));
    });

    test('a forgotten call does not come back, not even after further restarts', async () => {
      const here = await fresh();
      const { state } = await here.open();
      state.checkpoint('call', 'state');
      state.checkpoint('other', 'state');
      state.flush();
      state.forget('call');
      state.flush();
      await here.kill();
      expect([...(await here.open()).calls.keys()]).toEqual(['other']);
      await here.kill();
      expect([...(await here.open()).calls.keys()]).toEqual(['other']);
    });

    test('checkpointed and forgotten in one turn leaves nothing; forgotten and checkpointed again leaves the new state', async () => {
      const here = await fresh();
      const { state } = await here.open();
      state.checkpoint('brief', 'state');
      state.forget('brief');
      state.flush();
      state.checkpoint('again', 'old');
      state.flush();
      state.forget('again');
      state.checkpoint('again', 'new');
      state.flush();
      await here.kill();
      expect((await here.open()).calls).toEqual(new Map([['again', 'new']]));
    });

    test('forgetting a call that nobody knows is allowed', async () => {
      const here = await fresh();
      const { state } = await here.open();
      state.forget('nobody');
      state.flush();
      await here.kill();
      expect((await here.open()).calls.size).toBe(0);
    });

    test('close flushes, and the next one may open at once', async () => {
      const here = await fresh();
      const first = await here.open();
      first.state.checkpoint('call', 'state');
      first.state.close();
      const second = await here.open();
      expect(second.calls).toEqual(new Map([['call', 'state']]));
      second.state.checkpoint('more', 'state');
      second.state.close();
      expect((await here.open()).calls.size).toBe(2);
    });

    test('a second owner gets an error that says so', async () => {
      const here = await fresh();
      await here.open();
      await expect(here.open()).rejects.toThrow(/in use by process \d+/);
    });

    test('states are any text, of any size', async () => {
      const here = await fresh();
      const { state } = await here.open();
      const states = new Map([
        ['empty', ''],
        ['nul', 'a\0b'],
        ['latin1', 'Grüße \x80\xff'],
        ['wide', '漢字 🎉 \u2028'],
        ['large', 'x'.repeat(3_000_000)],
        ['id-with-ü', 'name'],
      ]);
      for (const [call, text] of states) state.checkpoint(call, text);
      state.flush();
      await here.kill();
      expect((await here.open()).calls).toEqual(states);
    });
  });
}
