import { describe, expect, test } from 'vitest';
import { DigestClient } from '#codec/digest';
import type { SipResponse } from '#codec/sip-message';
import { Sensitive, seeded } from '#kernel';
import type { AuthenticateConfiguration, Trunk } from '#policy/configuration';
import type { Flow } from '#sip/flow';
import { configuration, Desk, requests, type Said, statuses, trunk, udp } from './desk.testing.ts';

const password = new Sensitive('secret');
const authenticate: AuthenticateConfiguration = {
  realm: 'tandem.test',
  username: 'far',
  password,
  algorithms: ['SHA-256', 'MD5'],
};
/** A branch that nobody knows the address of. */
const far = (more: Partial<AuthenticateConfiguration> = {}, name = 'far'): Trunk =>
  trunk(name, '', { authenticate: { ...authenticate, ...more } });

class Branch {
  readonly desk: Desk;
  readonly digest: DigestClient;
  readonly flow: Flow;

  constructor(desk: Desk, flow = udp('wan', '198.51.100.9'), username = 'far') {
    this.desk = desk;
    this.flow = flow;
    this.digest = new DigestClient([{ username, password }], seeded(3));
  }

  /** Sends a request, and again with credentials when it is asked for them. */
  send(method: string, said: Said = {}, flow = this.flow, uri?: string): Required<Said> {
    const first = this.desk.request(flow, method, said);
    const challenge = this.desk.take().find(({ message }) => message.kind === 'response' && message.status === 401);
    if (!challenge) throw new Error('not asked');
    const www = (challenge.message as SipResponse).all('www-authenticate');
    const answer = this.digest.answer({ www, proxy: [] }, { method, uri: uri ?? first.uri, body: '' }, []);
    if (answer.kind === 'refused') throw new Error(answer.text);
    const headers = answer.headers.map(([name, value]) => `${name}: ${value}`);
    return this.desk.request(flow, method, { ...first, cseq: first.cseq + 1, branch: `${first.branch}2`, headers });
  }

  /** A call to the PBX that is answered; what BYE in it says. */
  call(): Required<Said> {
    const { desk } = this;
    const said = this.send('INVITE');
    desk.respond(requests(desk.take(), 'INVITE')[0]!, 200);
    const ok = desk.take().find(({ message }) => message.kind === 'response' && message.status === 200)!;
    const inside = { ...said, to: ok.message.get('to')!, headers: [] };
    desk.request(this.flow, 'ACK', { ...inside, branch: 'z9hG4bKack' });
    return { ...inside, cseq: said.cseq + 1 };
  }
}

describe('a trunk that is known by digest alone', () => {
  test('sends an INVITE again that was lost, and is not asked again', () => {
    const desk = new Desk(configuration([far()]));
    const branch = new Branch(desk);
    const said = branch.send('INVITE');
    expect(statuses(desk.take())).toEqual([100]);
    desk.request(branch.flow, 'INVITE', said);
    expect(statuses(desk.take())).toEqual([100]);
    expect((desk.engine.inspect().calls as unknown[]).length).toBe(1);
  });

  test('hangs up after hours', () => {
    const desk = new Desk(configuration([far()]));
    const branch = new Branch(desk);
    const said = branch.call();
    desk.pass(2 * 3_600_000);
    desk.take();
    desk.request(branch.flow, 'BYE', { ...said, branch: 'z9hG4bKbye' });
    expect(statuses(desk.take())).toEqual([200]);
  });

  test('hangs up after a restart', () => {
    const before = new Desk(configuration([far()]));
    const branch = new Branch(before);
    const said = branch.call();
    before.pass(5000);
    const desk = new Desk(before.configuration, before.kept());
    desk.take();
    desk.request(branch.flow, 'BYE', { ...said, branch: 'z9hG4bKbye' });
    expect(statuses(desk.take())).toEqual([200]);
  });

  test('is asked again inside its call when it speaks from elsewhere', () => {
    const desk = new Desk(configuration([far()]));
    const branch = new Branch(desk);
    const said = branch.call();
    desk.take();
    branch.send('BYE', { ...said, branch: 'z9hG4bKbye' }, udp('wan', '198.51.100.9', 40_000));
    expect(statuses(desk.take())).toEqual([200]);
  });

  test('is not spoken for by a stranger who knows its dialog', () => {
    const desk = new Desk(configuration([far()]));
    const branch = new Branch(desk);
    const said = branch.call();
    desk.take();
    const stranger = udp('wan', '198.51.100.66');
    desk.request(stranger, 'BYE', { ...said, branch: 'z9hG4bKbye' });
    expect(statuses(desk.take())).toEqual([401]);
    desk.request(stranger, 'ACK', { ...said, branch: 'z9hG4bKack2' });
    expect(desk.take()).toEqual([]);
    expect((desk.engine.inspect().calls as unknown[]).length).toBe(1);
  });

  test('may have the To in its digest-uri, where a proxy rewrote the Request-URI (RFC 3261 22.4)', () => {
    const desk = new Desk(configuration([far()]));
    new Branch(desk).send('INVITE', { to: '<sip:+49301@tandem.test>' }, undefined, 'sip:+49301@tandem.test');
    expect(statuses(desk.take())).toEqual([100]);
  });

  test('is offered what every trunk of its realm may answer by', () => {
    const desk = new Desk(
      configuration([
        far({ algorithms: ['SHA-512-256', 'MD5'] }),
        far({ username: 'old', algorithms: ['MD5'] }, 'old'),
      ]),
    );
    new Branch(desk, undefined, 'old').send('OPTIONS');
    expect(statuses(desk.take())).toEqual([200]);
    new Branch(desk, udp('wan', '198.51.100.10')).send('OPTIONS');
    expect(statuses(desk.take())).toEqual([200]);
  });

  test('tries with an old password every half minute for hours, and is not banned', () => {
    const desk = new Desk(configuration([far()]));
    const branch = new Branch(desk);
    const wrong = new DigestClient([{ username: 'far', password: new Sensitive('old') }], seeded(3));
    for (let n = 0; n < 100; n++) {
      const first = desk.request(branch.flow, 'INVITE');
      const asked = desk.take()[0]!.message as SipResponse;
      expect(asked.status).toBe(401);
      const ack = { ...first, to: asked.get('to')! };
      desk.request(branch.flow, 'ACK', ack);
      const answer = wrong.answer(
        { www: asked.all('www-authenticate'), proxy: [] },
        { method: 'INVITE', uri: first.uri, body: '' },
        [],
      );
      const headers = answer.kind === 'refused' ? [] : answer.headers.map(([name, value]) => `${name}: ${value}`);
      const again = desk.request(branch.flow, 'INVITE', { ...first, cseq: 2, branch: `${first.branch}2`, headers });
      const to = (desk.take()[0]!.message as SipResponse).get('to')!;
      desk.request(branch.flow, 'ACK', { ...again, to, headers: [] });
      desk.pass(30_000);
    }
    expect(desk.engine.inspect().bans).toEqual([]);
  });
});
