import { type Case, must } from '../harness.ts';
import { heardRinging, startPhone } from '../phone.ts';
import { answer, callee, caller, pause, receive, receiveAnswer, scenario, sdp } from '../scenario.ts';

const asked = [receive('OPTIONS', { expect: ['Accept: application/sdp'] }), answer('200 OK')];
const invited = [callee.receivesInvite(), callee.reply('200 OK', { body: sdp() }), receive('ACK')];
const inviting = [
  caller.invite({ body: sdp() }),
  receive(100, { optional: true }),
  receiveAnswer({ expect: ['m=audio [1-9]'] }),
  caller.ack(),
];

/** Calls in which nothing is heard, and what is heard while it rings. */
export const quiet: readonly Case[] = [
  {
    name: 'neither sends RTP: both are asked each time that it lasts, and the call goes on',
    async run(lab) {
      await lab.call({
        caller: scenario('quiet caller', [
          ...inviting,
          ...asked,
          ...asked,
          pause(200),
          caller.request('BYE', 2),
          receive(200),
        ]),
        callee: scenario('quiet callee', [...invited, ...asked, ...asked, receive('BYE'), answer('200 OK')]),
      });
      const [record] = await lab.records([{ reason: 'hangup', by: 'caller', answered: true }]);
      const trace = JSON.stringify(record!.decisions);
      must(trace.includes('both sides answer, and the call goes on'), () => `no word of the silence: ${trace}`);
    },
  },
  {
    name: 'neither sends RTP, and the callee has lost the call: it ends, by the callee',
    async run(lab) {
      await lab.call({
        caller: scenario('quiet caller', [...inviting, ...asked, receive('BYE'), answer('200 OK')]),
        callee: scenario('forgetful callee', [
          ...invited,
          receive('OPTIONS'),
          answer('481 Call/Transaction Does Not Exist'),
          receive('BYE'),
          answer('481 Call/Transaction Does Not Exist'),
        ]),
      });
      await lab.records([{ reason: 'media-silent', by: 'callee', status: 481, answered: true }]);
    },
  },
  {
    name: 'baresip hears the ringing tone of ours, and then the callee',
    async run(lab) {
      const { from } = lab.ends({});
      const answering = lab.answering(
        scenario('callee without media', [
          callee.receivesInvite(),
          callee.reply('180 Ringing'),
          pause(3_500),
          callee.reply('200 OK', { body: sdp() }),
          receive('ACK'),
          pause(500),
          callee.request('BYE', 1),
          receive(200),
        ]),
      );
      await new Promise((resolve) => setTimeout(resolve, 150));
      const dials = `sip:${lab.called()}@${lab.addresses.sip.host}:${lab.addresses.sip.port}`;
      const alice = startPhone(lab, { user: 'alice', place: from, frequency: 697, seconds: 8, dials });
      const said = await alice.done;
      const { exitCode, successful } = await answering.done;
      must(exitCode === 0 && successful === 1, () => 'the callee did not go by its scenario');
      heardRinging(alice, [400, 450], said);
      await lab.records([{ reason: 'hangup', by: 'callee', answered: true }]);
    },
  },
];
