import type { Case, Direction } from '../harness.ts';
import { answer, callee, caller, keepRequest, pause, receive, receiveAnswer, scenario, sdp } from '../scenario.ts';

const answered = [{ reason: 'hangup', by: 'caller', answered: true, attempts: [{}] }] as const;
/** Of the reliable response that came, for the RAck of the PRACK. */
const keepSequence = '<ereg regexp="[0-9]+" search_in="hdr" header="RSeq:" assign_to="rseq"/>';

/** A caller that takes 183 with SDP reliably, and its PRACK. */
const reliableCaller = () =>
  scenario(
    'caller with 100rel',
    [
      caller.invite({ body: sdp(), headers: ['Supported: 100rel'] }),
      receive(100, { optional: true }),
      receive(183, { expect: ['Require: *100rel', 'm=audio [1-9]'], actions: [keepSequence], target: true }),
      caller.request('PRACK', 2, { headers: ['RAck: [$rseq] 1 INVITE'] }),
      receive(200, { expect: ['CSeq: 2 PRACK'] }),
      // RFC 6337 3.1: the answer went reliably.
      receiveAnswer({ expect: ['CSeq: 1 INVITE'], refuse: ['m=audio'] }),
      caller.ack(),
      pause(200),
      caller.request('BYE', 3),
      receive(200),
    ],
    ['rseq'],
  );

const plainCaller = () =>
  scenario('caller without 100rel', [
    caller.invite({ body: sdp() }),
    receive(100, { optional: true }),
    receive(183, { refuse: ['RSeq'], expect: ['m=audio [1-9]'] }),
    receiveAnswer({ expect: ['m=audio [1-9]'] }),
    caller.ack(),
    pause(200),
    caller.request('BYE', 2),
    receive(200),
  ]);

const reliableCallee = () =>
  scenario('callee with 100rel', [
    callee.receivesInvite({ expect: ['Supported: .*100rel'], actions: keepRequest }),
    callee.reply('183 Session Progress', { body: sdp(), headers: ['Require: 100rel', 'RSeq: 4711'] }),
    receive('PRACK', { expect: ['RAck: 4711 1 INVITE'] }),
    answer('200 OK'),
    pause(200),
    callee.reply('200 OK', { later: true }),
    receive('ACK'),
    receive('BYE'),
    answer('200 OK'),
  ]);

const plainCallee = () =>
  scenario('callee without 100rel', [
    callee.receivesInvite(),
    callee.reply('183 Session Progress', { body: sdp() }),
    pause(200),
    callee.reply('200 OK', { body: sdp() }),
    receive('ACK'),
    receive('BYE'),
    answer('200 OK'),
  ]);

const pairs = [
  ['on both legs', reliableCaller, reliableCallee],
  ['with the caller only', reliableCaller, plainCallee],
  ['with the callee only', plainCaller, reliableCallee],
] as const;

/** Reliable provisional responses (RFC 3262), with each leg by itself. */
export const reliability: readonly Case[] = pairs.flatMap(([name, callerOf, calleeOf]) =>
  (['out', 'in'] as const).map(
    (direction: Direction): Case => ({
      name: `PRACK ${name} (${direction})`,
      async run(lab) {
        await lab.call({ caller: callerOf(), callee: calleeOf() }, { direction });
        await lab.records(answered);
      },
    }),
  ),
);
