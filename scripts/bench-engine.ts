/**
 * Prints what a call costs in the engine alone: microseconds for a whole call (INVITE with SDP, 100, 180, 200, ACK, BYE, media and
 * record), and for a packet of a stranger. Two commits are compared by running each by turns; ratios count, not the figures.
 *
 *   node --conditions=source scripts/bench-engine.ts [calls, 30,000 unless given [name of a bench …]]
 *
 * TANDEM_MEDIA=bypass in the environment: the media passes us by.
 */
import type { MediaRequest } from '#codec/media-control';
import { Engine } from '#engine';
import type { Configuration, Effect, Flow, Input, Listener, Trunk } from '#engine/ports';
import { type Instant, Sensitive, seeded } from '#kernel';

const mode = process.env.TANDEM_MEDIA === 'bypass' ? 'bypass' : 'anchor';
const count = Number(process.argv[2] ?? 30_000);
/** Ms between two calls: 1,000 a second, so that transactions linger as they do under load. */
const pace = 1;

const lan: Listener = listener('lan', 'internal', '10.0.0.1');
const wan: Listener = listener('wan', 'external', '203.0.113.1');

function listener(name: string, side: Listener['side'], host: string): Listener {
  const bind = { host, port: 5060 };
  return { id: `${name}/udp`, name, side, transport: 'udp', bind, advertise: bind };
}

function trunk(name: string, side: Trunk['side'], host: string, more: Partial<Trunk> = {}): Trunk {
  return {
    name,
    kind: side === 'internal' ? 'ip-pbx' : 'itsp',
    side,
    transport: 'udp',
    addresses: [{ host, port: 5060, matchPort: false }],
    capacity: {},
    setupTimeout: 10_000,
    ringTimeout: 180_000,
    ...more,
  };
}

function configuration(pbx: Partial<Trunk>, itsp: Partial<Trunk>, others: readonly Trunk[]): Configuration {
  const media = { bind: '203.0.113.1', advertise: '203.0.113.1' };
  return {
    listeners: [lan, wan],
    trunks: [trunk('pbx', 'internal', '10.0.0.2', pbx), trunk('itsp', 'external', '203.0.113.10', itsp), ...others],
    routes: [{ name: 'out', from: ['pbx'], to: ['itsp'] }],
    unknownSource: 'ignore',
    media: { mode, internal: media, external: media, ports: { min: 20_000, max: 60_000 }, silence: 0 },
    records: { path: 'data' },
    timers: { t1: 500, t2: 4000, t4: 5000 },
    userAgent: 'Tandem',
  };
}

const sdp = (host: string) =>
  [
    'v=0',
    `o=- 3905718238 3905718238 IN IP4 ${host}`,
    's=trunk',
    `c=IN IP4 ${host}`,
    't=0 0',
    'm=audio 31004 RTP/AVP 8 0 101',
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-15',
    'a=ptime:20',
    'a=sendrecv',
    '',
  ].join('\r\n');

/** The engine with two peers, a media process, a name server and a store that answer at once. */
class Bench {
  readonly engine: Engine;
  mono = 10_000;
  /** Calls that were answered, and have ended. */
  talked = 0;
  /** Chars that who follows was told. */
  told = 0;
  isFollowed = false;
  readonly #names: Readonly<Record<string, string>>;
  readonly #inbox: Input[] = [];

  constructor(config: Configuration, names: Readonly<Record<string, string>> = {}) {
    this.#names = names;
    this.engine = new Engine({ configuration: config, random: seeded(1) });
    this.carry(this.engine.restore([], this.now));
  }

  get now(): Instant {
    return { mono: this.mono, wall: 1_700_000_000_000 + this.mono };
  }

  /** One input after the other, and what comes of them. */
  handle(input: Input): void {
    this.#inbox.push(input);
    if (this.#inbox.length > 1) return;
    for (let at = 0; at < this.#inbox.length; at++) this.carry(this.engine.handle(this.#inbox[at]!, this.now));
    this.#inbox.length = 0;
  }

  /** As the shell does for somebody who follows, at each answer: more often than anybody is told. */
  #told(): void {
    for (const id of this.engine.standing.changed())
      this.told += JSON.stringify(this.engine.standing.call(id))?.length ?? 0;
  }

  follow(): void {
    this.isFollowed = true;
    this.engine.standing.follow();
  }

  pass(ms: number): void {
    const until = this.mono + ms;
    for (let next = this.engine.nextDeadline(); next !== undefined && next <= until; ) {
      this.mono = Math.max(this.mono, next);
      this.handle({ kind: 'wake' });
      next = this.engine.nextDeadline();
    }
    this.mono = until;
  }

  receive(flow: Flow, octets: string): void {
    this.handle({ kind: 'received', flow, octets });
  }

  call(n: number): void {
    const flow: Flow = { transport: 'udp', listener: lan.id, remote: { host: '10.0.0.2', port: 5060 } };
    const body = sdp('10.0.0.2');
    this.receive(
      flow,
      `INVITE sip:+49301234${n} SIP/2.0\r\n`.replace(' SIP', '@10.0.0.1:5060 SIP') +
        `Via: SIP/2.0/UDP 10.0.0.2:5060;rport;branch=z9hG4bKcall${n}\r\nMax-Forwards: 70\r\n` +
        `From: "Front Desk" <sip:+493012345@10.0.0.2>;tag=a${n}\r\nTo: <sip:+49301234${n}@10.0.0.1>\r\n` +
        `Contact: <sip:+493012345@10.0.0.2:5060>\r\nCall-ID: call-${n}@10.0.0.2\r\nCSeq: 1 INVITE\r\n` +
        `Allow: INVITE, ACK, BYE, CANCEL, OPTIONS\r\nSupported: replaces, timer\r\nContent-Type: application/sdp\r\n` +
        `Content-Length: ${body.length}\r\n\r\n${body}`,
    );
  }

  /** Carries out effects as they come: whatever the peers say to them is the next input. */
  carry(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'send') this.#sent(effect.flow, effect.octets);
      else if (effect.kind === 'media') this.#media(effect.request);
      else if (effect.kind === 'record') {
        if (effect.record.answeredAt !== undefined) this.talked++;
        if (this.isFollowed) this.told += JSON.stringify(effect.record).length;
        this.handle({ kind: 'recorded', calls: [effect.record.call] });
      } else if (effect.kind === 'resolve') {
        const { question } = effect;
        const address = question.type === 'A' ? this.#names[question.name] : undefined;
        this.handle({
          kind: 'resolved',
          question,
          answer:
            address === undefined
              ? { kind: 'none', reason: 'no-data', ttl: 3_600_000 }
              : { kind: 'records', records: [{ type: 'A', address }], ttl: 3_600_000 },
        });
      }
    }
  }

  #media(request: MediaRequest): void {
    if (request.kind === 'apply') {
      const { session, streams } = request.plan;
      const side = { host: '203.0.113.1', port: 20_000, rtcpPort: 20_001 };
      const given = streams.map(({ stream }) => ({ stream, a: side, b: side }));
      this.handle({ kind: 'media', message: { id: request.id, kind: 'applied', session, streams: given } });
    } else if (request.kind === 'close') {
      this.handle({
        kind: 'media',
        message: { id: request.id, kind: 'closed', session: request.session, counters: [] },
      });
    }
  }

  #sent(flow: Flow, octets: string): void {
    const isResponse = octets.startsWith('SIP/2.0');
    if (flow.listener === wan.id) {
      if (isResponse) return;
      const method = octets.slice(0, octets.indexOf(' '));
      if (method === 'INVITE') {
        this.receive(flow, this.#answer(octets, '100 Trying', ''));
        this.receive(flow, this.#answer(octets, '180 Ringing', ''));
        this.receive(flow, this.#answer(octets, '200 OK', sdp('203.0.113.10')));
      } else if (method !== 'ACK') this.receive(flow, this.#answer(octets, '200 OK', ''));
      return;
    }
    if (this.isFollowed) this.#told();
    if (!isResponse || !octets.startsWith('SIP/2.0 200') || !octets.includes(' INVITE\r\n')) return;
    // The caller acknowledges and hangs up.
    const to = field(octets, 'To');
    const from = field(octets, 'From');
    const callId = field(octets, 'Call-ID');
    const head = (method: string, cseq: number) =>
      `${method} sip:10.0.0.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.2:5060;rport;branch=z9hG4bK${method}${callId}\r\n` +
      `Max-Forwards: 70\r\nFrom: ${from}\r\nTo: ${to}\r\nCall-ID: ${callId}\r\nCSeq: ${cseq} ${method}\r\nContent-Length: 0\r\n\r\n`;
    this.receive(flow, head('ACK', 1));
    this.receive(flow, head('BYE', 2));
  }

  #answer(request: string, status: string, body: string): string {
    const tag = status.startsWith('100') || field(request, 'To').includes(';tag=') ? '' : ';tag=b';
    const content = body === '' ? '' : 'Content-Type: application/sdp\r\n';
    return (
      `SIP/2.0 ${status}\r\nVia: ${field(request, 'Via')}\r\nFrom: ${field(request, 'From')}\r\nTo: ${field(request, 'To')}${tag}\r\n` +
      `Call-ID: ${field(request, 'Call-ID')}\r\nCSeq: ${field(request, 'CSeq')}\r\nContact: <sip:203.0.113.10:5060>\r\n${content}` +
      `Content-Length: ${body.length}\r\n\r\n${body}`
    );
  }
}

function field(octets: string, name: string): string {
  const at = octets.indexOf(`\r\n${name}: `) + name.length + 4;
  return octets.slice(at, octets.indexOf('\r\n', at));
}

/** CPU microseconds for each, garbage collection and the peers of the bench included. */
function spent(began: NodeJS.CpuUsage, each: number): number {
  const { user, system } = process.cpuUsage(began);
  return (user + system) / each;
}

function calls(
  name: string,
  config: Configuration,
  names?: Readonly<Record<string, string>>,
  isFollowed = false,
): void {
  const bench = new Bench(config, names);
  if (isFollowed) bench.follow();
  bench.pass(1000);
  const warm = Math.min(count, 20_000);
  for (let n = 0; n < warm; n++) {
    bench.call(n);
    bench.pass(pace);
  }
  const before = bench.talked;
  const began = process.cpuUsage();
  for (let n = warm; n < warm + count; n++) {
    bench.call(n);
    bench.pass(pace);
  }
  const talked = bench.talked - before;
  if (talked !== count) throw new Error(`${name}: ${talked} of ${count} calls were answered`);
  console.log(`${name.padEnd(48)} ${spent(began, count).toFixed(1).padStart(8)} µs a call`);
}

function strangers(name: string, config: Configuration): void {
  const bench = new Bench(config);
  const packets = 20_000;
  const send = (n: number) => {
    const host = `198.${18 + ((n >> 16) & 1)}.${(n >> 8) & 255}.${n & 255}`;
    bench.receive(
      { transport: 'udp', listener: wan.id, remote: { host, port: 5060 } },
      `OPTIONS sip:100@203.0.113.1 SIP/2.0\r\nVia: SIP/2.0/UDP ${host}:5060;branch=z9hG4bK${n}\r\nMax-Forwards: 70\r\n` +
        `From: <sip:x@${host}>;tag=${n}\r\nTo: <sip:100@203.0.113.1>\r\nCall-ID: ${n}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n`,
    );
  };
  for (let n = 0; n < packets; n++) send(n);
  const began = process.cpuUsage();
  for (let n = packets; n < 2 * packets; n++) send(n);
  console.log(`${name.padEnd(48)} ${spent(began, packets).toFixed(2).padStart(8)} µs a packet`);
}

/** What a trunk of the file has unless it says otherwise. */
const usual: Partial<Trunk> = {
  health: { interval: 60_000, misses: 5, successes: 1, failedCalls: 5 },
  dscp: { signalling: 24, media: 46 },
};
const networks = Array.from({ length: 1000 }, (_, i) =>
  trunk(`net${i}`, 'external', `100.64.${i >> 8}.${i & 255}`, {
    networks: [{ host: `172.16.${i & 255}.0`, bits: 24 }],
  }),
);
const authenticate = {
  realm: 'tandem.test',
  username: 'pbx',
  password: new Sensitive('secret'),
  algorithms: ['SHA-256', 'MD5'] as const,
};

const benches: Readonly<Record<string, () => void>> = {
  plain: () => calls('a call between two addresses', configuration({}, {}, [])),
  usual: () => calls('the same, with the defaults of the file', configuration(usual, usual, [])),
  followed: () => calls('the same, while somebody follows', configuration(usual, usual, []), {}, true),
  named: () => {
    const addresses = [{ host: 'sip.itsp.test', port: 5060, matchPort: false }];
    calls('the same, to a name', configuration(usual, { ...usual, addresses }, []), {
      'sip.itsp.test': '203.0.113.10',
    });
  },
  networks: () => calls('the same, beside 1,000 trunks with networks', configuration(usual, usual, networks)),
  stranger: () => strangers('a packet of a stranger', configuration({}, {}, [])),
  'stranger-networks': () => strangers('the same, with 1,000 trunks with networks', configuration({}, {}, networks)),
  'stranger-digest': () =>
    strangers(
      'the same, where a trunk is known by digest',
      configuration({}, {}, [trunk('far', 'external', '203.0.113.99', { authenticate })]),
    ),
};

const wanted = process.argv.slice(3);
for (const [name, run] of Object.entries(benches)) if (wanted.length === 0 || wanted.includes(name)) run();
