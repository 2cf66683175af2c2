import { describe, expect, test } from 'vitest';
import type { Configuration, Trunk } from '#policy/configuration';
import type { Flow, TlsTarget } from '#sip/flow';
import { configuration, Desk, requests, type Said, stream, trunk, udp } from './desk.testing.ts';

const tls = { trust: { system: true, files: [] }, wildcards: false, minVersion: 'TLSv1.2' as const, renewal: 0 };
const acme = (more: Partial<Trunk> = {}) => trunk('acme', '203.0.113.1', { transport: 'tls', tls, ...more });

/** A call that came over TLS and was answered by the PBX. */
function answered(desk: Desk, flow: Flow, contact: string): Required<Said> {
  desk.handle({ kind: 'flow-opened', flow });
  const said = desk.request(flow, 'INVITE', { contact });
  desk.respond(requests(desk.take(), 'INVITE')[0]!, 200);
  const ok = desk.take().find(({ message }) => message.kind === 'response' && message.status === 200)!;
  const inside = { ...said, to: ok.message.get('to')! };
  desk.request(flow, 'ACK', { ...inside, branch: 'z9hG4bKack' });
  return inside;
}

/** We hang up; where our BYE goes, and by which rules. */
function hungUp(desk: Desk): { readonly flow: Flow; readonly tls: TlsTarget | undefined } {
  desk.take();
  desk.handle({ kind: 'stop' });
  const tls = desk.of('connect').at(-1)?.tls;
  const bye = requests(desk.take(), 'BYE').find(({ flow }) => !flow.listener.startsWith('lan'))!;
  return { flow: bye.flow, tls };
}

describe('inside a call over TLS whose connection is gone', () => {
  const from = stream('tls', 'wan', { host: '203.0.113.1', port: 40_000 }, 'in-1');
  const lost = (contact: string, config: Configuration = configuration([acme()])) => {
    const desk = new Desk(config);
    answered(desk, from, contact);
    desk.handle({ kind: 'flow-closed', connection: 'in-1', reason: 'closed by the peer' });
    return hungUp(desk);
  };

  test('a Contact without a port means that of TLS (RFC 3261 19.1.2)', () => {
    expect(lost('<sip:203.0.113.1;transport=tls>').flow.remote).toEqual({ host: '203.0.113.1', port: 5061 });
    expect(lost('<sip:203.0.113.1>').flow.remote).toEqual({ host: '203.0.113.1', port: 5061 });
    expect(lost('<sip:203.0.113.1:5099;transport=tls>').flow.remote).toEqual({ host: '203.0.113.1', port: 5099 });
  });

  test('nothing goes on in clear, though the Contact is of a family that TLS does not reach', () => {
    const base = configuration([acme()]);
    const six = { host: '2001:db8::1', port: 5060 };
    const listeners = [
      ...base.listeners,
      { id: 'six/udp', name: 'six', side: 'external' as const, transport: 'udp' as const, bind: six, advertise: six },
    ];
    const { flow } = lost('<sip:[2001:db8::9]:5060>', { ...base, listeners });
    expect(flow.transport).toBe('tls');
    expect(flow.remote.host).toBe('203.0.113.1');
  });
});

test('what is sent over a connection that we opened follows its rules again when it is gone', () => {
  const addresses = ['a.acme.test', 'b.acme.test'].map((host) => ({ host, port: 5061, matchPort: false }));
  const desk = new Desk(configuration([acme({ addresses })]));
  desk.answer({ 'a.acme.test': ['203.0.113.1'], 'b.acme.test': ['203.0.113.2'] });
  desk.request(udp('lan', '10.0.0.2'), 'INVITE');
  const [{ flow } = { flow: undefined }] = desk.of('connect');
  desk.handle({ kind: 'flow-opened', flow: flow! });
  desk.respond(requests(desk.take(), 'INVITE')[0]!, 200);
  desk.take();
  desk.handle({ kind: 'flow-closed', connection: flow!.connection!, reason: 'closed by the peer' });
  const { flow: again, tls: rules } = hungUp(desk);
  expect(again.remote).toEqual({ host: '203.0.113.1', port: 5061 });
  expect(rules?.serverName).toBe('a.acme.test');
});
