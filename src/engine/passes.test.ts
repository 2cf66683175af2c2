import { beforeEach, describe, expect, test } from 'vitest';
import { parseMessage, SipRequest } from '#codec/sip-message';
import { type HostPort, seeded } from '#kernel';
import type { Configuration, Listener, Trunk } from '#policy/configuration';
import { Engine } from './engine.ts';
import { passLimits } from './passes.ts';
import type { Effect, Input } from './ports/index.ts';

const media = { bind: '192.0.2.1', advertise: '192.0.2.1' };
const cli: HostPort = { host: '127.0.0.1', port: 40_000 };

function trunk(name: string, host: string): Trunk {
  return {
    name,
    kind: 'itsp',
    side: 'external',
    transport: 'udp',
    addresses: [{ host, port: 5060, matchPort: false }],
    capacity: { calls: 1 },
    setupTimeout: 10_000,
    ringTimeout: 60_000,
  };
}

function listener(name: string, side: Listener['side'], host: string): Listener {
  const bind = { host, port: 5060 };
  return { id: `${name}/udp`, name, side, transport: 'udp', bind, advertise: bind };
}

function configuration(trunks: readonly Trunk[]): Configuration {
  return {
    listeners: [listener('lan', 'internal', '192.0.2.1'), listener('wan', 'external', '192.0.2.2')],
    trunks,
    // What is called goes to the other trunk, were it not for the pass.
    routes: [{ name: 'all', from: [], to: ['other'] }],
    unknownSource: 'ignore',
    media: { mode: 'bypass', internal: media, external: media, ports: { min: 20_000, max: 20_100 }, silence: 0 },
    records: { path: 'data' },
    timers: { t1: 500, t2: 4000, t4: 5000 },
  };
}

class Bench {
  readonly engine: Engine;
  mono = 1000;
  #calls = 0;

  constructor(trunks: readonly Trunk[] = [trunk('acme', '198.51.100.1'), trunk('other', '198.51.100.2')]) {
    this.engine = new Engine({ configuration: configuration(trunks), random: seeded(1) });
    this.engine.restore([], this.#now);
  }

  get #now() {
    return { mono: this.mono, wall: 1_700_000_000_000 + this.mono };
  }

  handle(input: Input): readonly Effect[] {
    return this.engine.handle(input, this.#now);
  }

  pass(to = 'acme', source = cli, id = 'lan/udp'): readonly Effect[] {
    return this.handle({ kind: 'pass', trunk: to, source, listener: id });
  }

  send(method: string, from = cli, to = '<sip:0049@192.0.2.1>', id = 'lan/udp'): readonly Effect[] {
    const at = `${from.host}:${from.port}`;
    const octets = [
      `${method} sip:0049@192.0.2.1 SIP/2.0`,
      `Via: SIP/2.0/UDP ${at};branch=z9hG4bK${++this.#calls}`,
      'Max-Forwards: 70',
      `From: <sip:tester@${at}>;tag=a${this.#calls}`,
      `To: ${to}`,
      `Call-ID: c${this.#calls}`,
      `CSeq: 1 ${method}`,
      `Contact: <sip:${at}>`,
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n');
    return this.handle({ kind: 'received', flow: { transport: 'udp', listener: id, remote: from }, octets });
  }

  /** Where INVITEs went, and to which number. */
  invites(effects: readonly Effect[]): readonly string[] {
    return effects.flatMap((effect) => {
      if (effect.kind !== 'send') return [];
      const message = parseMessage(effect.octets);
      if (!(message instanceof SipRequest) || message.method !== 'INVITE') return [];
      return [`${message.target?.user} at ${effect.flow.remote.host}`];
    });
  }

  drops(effects: readonly Effect[]): readonly string[] {
    return effects.flatMap((effect) => (effect.kind === 'drop' ? [effect.reason] : []));
  }

  statuses(effects: readonly Effect[]): readonly number[] {
    return effects.flatMap((effect) => {
      const message = effect.kind === 'send' ? parseMessage(effect.octets) : undefined;
      return message?.kind === 'response' ? [message.status] : [];
    });
  }
}

describe('a pass', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });

  test('without one a stranger stays one', () => {
    expect(bench.drops(bench.send('INVITE'))).toEqual(['unknown-source']);
  });

  test('lets its source call over its trunk, whatever the routes say, with the number as dialled', () => {
    bench.pass();
    const effects = bench.send('INVITE');
    expect(bench.drops(effects)).toEqual([]);
    expect(bench.invites(effects)).toEqual(['0049 at 198.51.100.1']);
    const [call] = bench.engine.inspect().calls as [{ call: string }];
    expect(JSON.stringify(call)).toContain('"test"');
  });

  test('counts against the capacity of its trunk as any call does', () => {
    bench.pass();
    bench.send('INVITE');
    const second = bench.send('INVITE');
    expect(bench.invites(second)).toEqual([]);
    expect(bench.statuses(second)).toEqual([100, 503]);
  });

  test.each([
    ['another port', { ...cli, port: 40_001 }],
    ['another host', { ...cli, host: '127.0.0.2' }],
  ])('is for its source alone: %s', (_what, from) => {
    bench.pass();
    expect(bench.drops(bench.send('INVITE', from))).toEqual(['unknown-source']);
  });

  test('is for the side of its listener', () => {
    bench.pass();
    const effects = bench.send('INVITE', cli, undefined, 'wan/udp');
    expect(bench.drops(effects)).toEqual(['wrong-side']);
    expect(bench.statuses(effects)).toEqual([403]);
  });

  test.each([
    ['trunk', 'nobody', 'lan/udp'],
    ['listener', 'acme', 'dmz/udp'],
  ])('is not given for a %s that is not there', (_what, to, id) => {
    expect(bench.pass(to, cli, id)).toEqual([]);
    expect(bench.drops(bench.send('INVITE'))).toEqual(['unknown-source']);
  });

  test('begins no call after two minutes, and lets what stands be ended', () => {
    bench.pass();
    bench.mono += passLimits.lifetime - 1;
    expect(bench.invites(bench.send('INVITE'))).toHaveLength(1);
    bench.mono += 1;
    expect(bench.drops(bench.send('INVITE'))).toEqual(['unknown-source']);
    // In no dialog that stands, yet it is heard.
    expect(bench.statuses(bench.send('BYE', cli, '<sip:0049@192.0.2.1>;tag=x'))).toEqual([481]);
    bench.mono += passLimits.lingering;
    expect(bench.statuses(bench.send('BYE', cli, '<sip:0049@192.0.2.1>;tag=x'))).toEqual([]);
  });

  test('given again it is for two minutes more, and for another trunk', () => {
    bench.pass();
    bench.mono += passLimits.lifetime;
    bench.pass('other');
    expect(bench.invites(bench.send('INVITE'))).toEqual(['0049 at 198.51.100.2']);
  });

  test('there are a few at once: the oldest gives way', () => {
    for (let n = 0; n <= passLimits.passes; n++) bench.pass('acme', { ...cli, port: cli.port + n });
    expect(bench.drops(bench.send('INVITE'))).toEqual(['unknown-source']);
    expect(bench.drops(bench.send('OPTIONS', { ...cli, port: cli.port + 1 }))).toEqual([]);
  });

  test('its name is nobody else’s', () => {
    const named = new Bench([trunk('test', '198.51.100.1'), trunk('other', '198.51.100.2')]);
    named.pass('test');
    named.send('INVITE');
    expect(JSON.stringify(named.engine.inspect().calls)).toContain('"test-call"');
  });
});
