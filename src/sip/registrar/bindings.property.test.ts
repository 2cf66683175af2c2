import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMessage, SipRequest } from '#codec/sip-message';
import { Deadlines } from '#kernel';
import type { Sleeper } from '#sip/transaction';
import { Bindings } from './index.ts';

const contact = fc.record({ host: fc.integer({ min: 1, max: 4 }), seconds: fc.constantFrom(0, 5, 60, 600, 7200) });
const step = fc.record({
  who: fc.constantFrom('ann', 'bob'),
  contacts: fc.array(contact, { maxLength: 3 }),
  star: fc.boolean(),
  pass: fc.integer({ min: 0, max: 700 }),
  connection: fc.integer({ min: 1, max: 3 }),
  closes: fc.boolean(),
});

/** What RFC 3261 10.3 says, by the longhand of it: a contact is there until its last successful say is over. */
class Model {
  readonly until = new Map<string, Map<number, number>>();

  of(who: string, now: number): readonly number[] {
    return [...(this.until.get(who) ?? [])].filter(([, at]) => at > now).map(([host]) => host);
  }

  set(who: string, host: number, at: number, now: number): void {
    const own = new Map([...(this.until.get(who) ?? [])].filter(([, until]) => until > now));
    own.delete(host);
    if (at > now) own.set(host, at);
    this.until.set(who, own);
  }
}

test('whatever is registered in whatever order: what stands is what was granted and is not over, and nothing is left at the end', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const deadlines = new Deadlines<Sleeper>();
      const kept = new Map<string, number>();
      const model = new Model();
      const bindings = new Bindings({
        deadlines,
        expires: () => ({ min: 60_000, max: 3_600_000 }),
        token: () => '1',
        most: 1_000,
        changed: (name, list) => void (list.length > 0 ? kept.set(name, list.length) : kept.delete(name)),
      });
      let mono = 0;
      const now = () => ({ mono, wall: 5_000_000 + mono });
      const pass = (seconds: number) => {
        mono += seconds * 1000;
        for (let due = deadlines.due(mono); due; due = deadlines.due(mono)) due.owner.wake(due.name, now());
      };
      steps.forEach(({ who, contacts, star, pass: seconds, connection, closes }, cseq) => {
        const all = star && contacts.length === 0;
        const lines = [
          'REGISTER sip:example.com SIP/2.0',
          `Via: SIP/2.0/TCP 10.0.0.1;branch=z9hG4bK${cseq}`,
          'From: <sip:a@example.com>;tag=a',
          'To: <sip:a@example.com>',
          'Call-ID: c',
          `CSeq: ${cseq + 1} REGISTER`,
          ...(all
            ? ['Contact: *', 'Expires: 0']
            : contacts.map(({ host, seconds: s }) => `Contact: <sip:a@10.0.0.${host}>;expires=${s}`)),
        ];
        const request = parseMessage(`${lines.join('\r\n')}\r\n\r\n`);
        if (!(request instanceof SipRequest)) throw new Error('no request');
        const flow = {
          transport: 'tcp',
          listener: 'l',
          remote: { host: '10.0.0.1', port: 9 },
          connection: `c${connection}`,
        } as const;
        const { status, headers = [] } = bindings.register({ name: who, devices: 10 }, request, flow, now());
        const brief = contacts.some(({ seconds: s }) => s > 0 && s < 60);
        expect(status).toBe(brief ? 423 : 200);
        if (all) model.until.delete(who);
        if (!brief)
          for (const { host, seconds: s } of contacts) model.set(who, host, mono + Math.min(s, 3600) * 1000, mono);
        if (status === 200)
          expect(headers.filter(([name]) => name === 'Contact')).toHaveLength(model.of(who, mono).length);
        if (closes) bindings.disconnected(flow, now());
        pass(seconds);
        for (const name of ['ann', 'bob'])
          expect(
            bindings
              .of(name, now())
              .map(({ uri }) => Number(uri.slice(-1)))
              .sort(),
          ).toEqual([...model.of(name, mono)].sort());
      });
      pass(3_600);
      pass(10);
      expect(bindings.size).toBe(0);
      expect(kept.size).toBe(0);
      expect([...bindings.names]).toEqual([]);
      for (const n of [1, 2, 3])
        expect(
          bindings.at({ transport: 'tcp', listener: 'l', remote: { host: '10.0.0.1', port: 9 }, connection: `c${n}` })
            .size,
        ).toBe(0);
      expect(deadlines.size).toBe(0);
    }),
    { numRuns: 150 },
  );
});
