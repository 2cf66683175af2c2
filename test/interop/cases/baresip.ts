import { type Case, must } from '../harness.ts';
import { heard, startPhone } from '../phone.ts';

export const baresip: readonly Case[] = (['out', 'in'] as const).map((direction) => ({
  name: `two baresip hear each other (${direction})`,
  async run(lab) {
    const { from, to } = lab.ends({ direction });
    const { sip } = lab.addresses;
    const bob = startPhone(lab, { user: lab.called(), place: to, frequency: 1477, seconds: 7, answers: true });
    await bob.ready;
    const dials = `sip:${lab.called()}@${sip.host}:${sip.port}`;
    const alice = startPhone(lab, { user: 'alice', place: from, frequency: 697, seconds: 5, dials });
    const [aliceSaid, bobSaid] = await Promise.all([alice.done, bob.done]);
    heard(alice, 1477, aliceSaid);
    heard(bob, 697, bobSaid);
    const [record] = await lab.records([{ reason: 'hangup', by: 'caller', answered: true, attempts: [{}] }]);
    const audio = record!.media?.[0];
    must(
      audio !== undefined && audio.a.packets > 100 && audio.b.packets > 100,
      () => `the record's counters say ${JSON.stringify(record!.media)}`,
    );
  },
}));
