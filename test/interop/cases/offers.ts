import type { Case, Direction } from '../harness.ts';
import { answer, callee, caller, pause, receive, receiveAnswer, scenario, sdp } from '../scenario.ts';

const answered = [{ reason: 'hangup', by: 'caller', answered: true, attempts: [{}] }] as const;

export const offers: readonly Case[] = [
  {
    name: 'early media: 183 with an answer, 180, 200',
    async run(lab) {
      await lab.call({
        caller: scenario('caller', [
          caller.invite({ body: sdp() }),
          receive(100, { optional: true }),
          receive(183, { expect: ['Content-Type: *application/sdp', 'm=audio [1-9]'] }),
          receive(180),
          receiveAnswer({ expect: ['m=audio [1-9]'] }),
          caller.ack(),
          pause(200),
          caller.request('BYE', 2),
          receive(200),
        ]),
        callee: scenario('callee', [
          callee.receivesInvite(),
          callee.reply('183 Session Progress', { body: sdp() }),
          pause(200),
          callee.reply('180 Ringing'),
          pause(200),
          callee.reply('200 OK', { body: sdp() }),
          receive('ACK'),
          receive('BYE'),
          answer('200 OK'),
        ]),
      });
      await lab.records(answered);
    },
  },
  ...(['out', 'in'] as const).map(
    (direction: Direction): Case => ({
      name: `an INVITE without an offer: offer in the 200, answer in the ACK (${direction})`,
      async run(lab) {
        await lab.call(
          {
            caller: scenario('caller without an offer', [
              caller.invite(),
              receive(100, { optional: true }),
              receive(180),
              receiveAnswer({ expect: ['m=audio [1-9]'] }),
              caller.ack(1, { body: sdp({ codecs: [8] }) }),
              pause(200),
              caller.request('BYE', 2),
              receive(200),
            ]),
            callee: scenario('callee that offers', [
              callee.receivesInvite({ refuse: ['m=audio'] }),
              callee.reply('180 Ringing'),
              callee.reply('200 OK', { body: sdp() }),
              receive('ACK', { expect: ['m=audio [1-9][0-9]* RTP/AVP 8 101'] }),
              receive('BYE'),
              answer('200 OK'),
            ]),
          },
          { direction },
        );
        await lab.records(answered);
      },
    }),
  ),
  {
    name: 'an offer with two streams: the callee refuses the second',
    async run(lab) {
      await lab.call({
        caller: scenario('caller with video', [
          caller.invite({ body: sdp({ lines: ['m=video 36000 RTP/AVP 96', 'a=rtpmap:96 H264/90000'] }) }),
          receive(100, { optional: true }),
          receiveAnswer({ expect: ['m=audio [1-9]', 'm=video 0 '] }),
          caller.ack(),
          pause(200),
          caller.request('BYE', 2),
          receive(200),
        ]),
        callee: scenario('callee without video', [
          callee.receivesInvite({ expect: ['m=audio [1-9]', 'm=video [1-9]'] }),
          callee.reply('200 OK', { body: sdp({ lines: ['m=video 0 RTP/AVP 96'] }) }),
          receive('ACK'),
          receive('BYE'),
          answer('200 OK'),
        ]),
      });
      await lab.records(answered);
    },
  },
];
