import { expect, test } from 'vitest';
import { formatResponse, parseMessage, type SipRequest } from '#codec/sip-message';
import { type HostPort, Sensitive, seeded } from '#kernel';
import type { PhoneEffect, PhoneInput } from './messages.ts';
import { Phone } from './phone.ts';

const registrar: HostPort = { host: '192.0.2.9', port: 5060 };
const challenge = 'Digest realm="example.com", nonce="n1", algorithm=MD5, qop="auth"';

/** Ann's phone, and what it has sent: requests only. */
class Bench {
  now = 0;
  readonly phone = new Phone({
    address: { host: '192.0.2.1', port: 5060 },
    random: seeded(1),
    account: { user: 'ann', domain: 'example.com', password: new Sensitive('secret') },
  });
  readonly told: PhoneEffect[] = [];
  readonly sent: SipRequest[] = [];

  handle(input: PhoneInput): void {
    for (const effect of this.phone.handle(input, { mono: this.now, wall: this.now })) {
      if (effect.kind === 'tell') this.told.push(effect);
      else {
        const message = parseMessage(effect.octets);
        if (message.kind === 'request') this.sent.push(message);
      }
    }
  }

  /** Answers what was sent last. */
  respond(status: number, ...headers: [string, string][]): void {
    const request = this.sent.at(-1)!;
    const same = (name: string): [string, string][] => request.all(name).map((value) => [name, value]);
    const octets = formatResponse(
      status,
      'Said',
      [...same('via'), ...same('from'), ...same('to'), ...same('call-id'), ...same('cseq'), ...headers],
      '',
    );
    const flow = { transport: 'udp', listener: 'phone/udp', remote: registrar } as const;
    this.handle({ kind: 'received', flow, octets });
  }

  /** Method, CSeq and who it says it is. */
  get last(): string {
    const { method, cseq } = this.sent.at(-1)!;
    const proof = this.sent.at(-1)!.get('authorization') ?? '';
    return `${method} ${cseq.number}${proof.includes('username="ann"') ? ' as ann' : ''}`;
  }
}

test('it registers, proves who it is, and says so again at half of the time that it was given', () => {
  const bench = new Bench();
  bench.handle({ kind: 'register', at: registrar, seconds: 120 });
  expect(bench.last).toBe('REGISTER 1');
  bench.respond(401, ['WWW-Authenticate', challenge]);
  expect(bench.last).toBe('REGISTER 2 as ann');
  bench.respond(200, ['Contact', `${bench.phone.contact};expires=60`]);
  expect(bench.told).toEqual([{ kind: 'tell', event: { kind: 'registered', registrar, status: 200 } }]);
  bench.now = 29_000;
  bench.handle({ kind: 'wake' });
  expect(bench.sent).toHaveLength(2);
  bench.now = 30_000;
  bench.handle({ kind: 'wake' });
  expect(bench.last).toMatch(/^REGISTER 3/);
});

test('who is not believed asks once, not for ever; a refusal is told', () => {
  const bench = new Bench();
  bench.handle({ kind: 'register', at: registrar, seconds: 120 });
  bench.respond(401, ['WWW-Authenticate', challenge]);
  bench.respond(401, ['WWW-Authenticate', challenge.replace('n1', 'n2')]);
  expect(bench.sent).toHaveLength(2);
  expect(bench.told).toEqual([{ kind: 'tell', event: { kind: 'registered', registrar, status: 401 } }]);
});

test('a call of its proves who calls when it is asked, once', () => {
  const bench = new Bench();
  bench.handle({ kind: 'dial', call: 'a', caller: 'ann', called: '101', to: registrar, offer: 'v=0' });
  bench.respond(407, ['Proxy-Authenticate', challenge]);
  const invites = bench.sent.filter(({ method }) => method === 'INVITE');
  expect(invites.map((invite) => [invite.cseq.number, invite.get('proxy-authorization') !== undefined])).toEqual([
    [1, false],
    [2, true],
  ]);
  expect(invites[1]!.from.uri).toBe('sip:ann@example.com');
});
