import type { Case } from '../harness.ts';
import { caller, receive, receiveOneOf, scenario, sdp } from '../scenario.ts';

/** A scenario of a caller alone: its request is answered by the program itself. */
function alone(name: string, steps: readonly string[], options: { from?: number } = {}): Case {
  return {
    name,
    async run(lab) {
      const from = options.from === undefined ? {} : { from: lab.trunk(options.from) };
      await lab.call({ caller: scenario(name, steps) }, from);
    },
  };
}

const refused = (status: number, ...expect: string[]): string[] => [
  receive(100, { optional: true }),
  receive(status, { expect }),
  caller.ackFailure(),
];

export const requests: readonly Case[] = [
  alone('OPTIONS is answered', [caller.outside('OPTIONS'), receive(200, { expect: ['Allow:.*INVITE'] })]),
  alone('OPTIONS with Max-Forwards 0 is answered', [caller.outside('OPTIONS', { maxForwards: 0 }), receive(200)]),
  alone('a method that nobody knows: 405 or 501', [
    caller.outside('JUGGLE'),
    receiveOneOf([405, 501], 'done'),
    '<pause milliseconds="10"/>',
  ]),
  alone('a method that we do not serve: 405 with Allow', [
    caller.outside('PUBLISH'),
    receive(405, { expect: ['Allow:.*INVITE'] }),
  ]),
  alone('an INVITE of an address that no trunk names: 403', [caller.invite({ body: sdp() }), ...refused(403)], {
    from: 9,
  }),
  alone('a BYE of a dialog that nobody knows: 481', [
    caller.outside('BYE', {}).replace('To: <sip:[service]@[remote_ip]>', 'To: <sip:[service]@[remote_ip]>;tag=gone'),
    receive(481),
  ]),
  alone('a re-INVITE of a dialog that nobody knows: 481', [
    caller
      .invite({ body: sdp() })
      .replace('To: <sip:[service]@[remote_ip]>', 'To: <sip:[service]@[remote_ip]>;tag=gone'),
    ...refused(481),
  ]),
  alone('a CANCEL of nothing: 481', [caller.cancel(), receive(481)]),
  alone('an INVITE with Max-Forwards 0: 483', [caller.invite({ body: sdp(), maxForwards: 0 }), ...refused(483)]),
  alone('an INVITE that requires what we do not know: 420 with Unsupported', [
    caller.invite({ body: sdp(), headers: ['Require: teleport'] }),
    ...refused(420, 'Unsupported:.*teleport'),
  ]),
  alone('an INVITE with a body of an unknown type: 415 with Accept', [
    caller.invite({ body: 'hello', contentType: 'text/plain' }),
    ...refused(415, 'Accept:.*application/sdp'),
  ]),
  alone('an INVITE with a session description that is none: 400 or 488', [
    caller.invite({ body: 'v=0\nthis is not a session' }),
    receive(100, { optional: true }),
    receiveOneOf([400, 488], 'done'),
    caller.ackFailure(),
  ]),
];
