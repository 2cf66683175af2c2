import { setTimeout as pause } from 'node:timers/promises';
import type { StatusClient } from '../status-client.ts';
import type { OptionsView, TrunksAnswer, TrunkView } from '../trunk-view.ts';
import { handshakeAdvice, unreachableAdvice } from './advice.ts';
import { type Test, type Transport, targetName } from './context.ts';
import { askDirectly } from './direct-options.ts';
import { type StepOutcome, type StepVerdict, skipped, together } from './report.ts';

/** Ms that answers have; the program itself waits for longer (Timer F). */
const patience = 8_000;
const lookEvery = 100;

/** Asks each target whether it lives. */
export async function options(test: Test): Promise<StepOutcome> {
  const { program } = test.place;
  const told = program ? await throughProgram(program, test.trunk.name) : await directly(test);
  if (told.length === 0)
    return skipped(
      test.targets.length === 0
        ? 'no target is known to be asked'
        : 'over TLS the running program asks, and none runs: the handshake has told whether somebody is there',
    );
  const how = program ? 'by the running program' : 'by a socket of our own: no program runs';
  const todo = new Set<string>();
  const verdicts = told.map((one) => verdictOf(one, todo));
  const answered = told.filter(({ kind }) => kind === 'answered');
  const trips = answered.flatMap(({ roundTrip }) => roundTrip ?? []);
  const trip = trips.length === 0 ? '' : `, ${Math.round(Math.min(...trips))} ms there and back`;
  return {
    verdict: together(verdicts),
    summary: `${answered.length} of ${told.length} ${told.length === 1 ? 'target' : 'targets'} answered${trip}`,
    sent: told.map(({ target }) => `OPTIONS to ${target}, ${how}`),
    came: told.flatMap(answerLines),
    todo: [...todo],
  };
}

function verdictOf({ target, kind, status, detail }: OptionsView, todo: Set<string>): StepVerdict {
  if (kind === 'unreachable') {
    const transport = target.slice(0, target.indexOf(' ')) as Transport;
    todo.add(unreachableAdvice(detail ?? '', transport) ?? handshakeAdvice(detail ?? ''));
    return 'failed';
  }
  if (kind === 'unanswered') {
    todo.add(
      'Some peers answer no OPTIONS: if calls go through all the same, set health.interval to 0. Else look for a firewall.',
    );
    return 'warning';
  }
  if (status === 503 || status === 408) {
    todo.add('The peer is there and does not serve: ask it why.');
    return 'failed';
  }
  return 'passed'; // Whatever it says, it lives.
}

function answerLines({ target, kind, status, roundTrip, detail, allow, server }: OptionsView): readonly string[] {
  if (kind === 'unanswered') return [`${target}: no answer`];
  if (kind === 'unreachable') return [`${target}: ${detail ?? 'not reached'}`];
  return [
    `${target}: ${status} in ${Math.round(roundTrip ?? 0)} ms`,
    ...(server === undefined ? [] : [`${target}: it is ${server}`]),
    ...(allow === undefined ? [] : [`${target}: it takes ${allow}`]),
  ];
}

async function throughProgram(program: StatusClient, trunk: string): Promise<readonly OptionsView[]> {
  const { at } = await program.ask('probe', { trunk });
  const until = performance.now() + patience;
  for (;;) {
    const view = await viewOf(program, trunk);
    const targets = targetsOf(view);
    const fresh = (view?.options ?? []).filter((one) => one.at >= Number(at) && targets.includes(one.target));
    if (fresh.length >= targets.length || performance.now() > until) {
      return targets.map(
        (target) => fresh.find((one) => one.target === target) ?? { target, at: Number(at), kind: 'unanswered' },
      );
    }
    await pause(lookEvery);
  }
}

/** A registered trunk is asked where its calls go. */
function targetsOf(view: TrunkView | undefined): readonly string[] {
  const registered = view?.registration?.stage === 'registered' ? view.registration.target : undefined;
  return registered === undefined ? (view?.targets ?? []) : [registered];
}

export async function viewOf(program: StatusClient, trunk: string): Promise<TrunkView | undefined> {
  const { trunks } = (await program.ask('trunks')) as unknown as TrunksAnswer;
  return trunks.find((one) => one.trunk === trunk);
}

async function directly(test: Test): Promise<readonly OptionsView[]> {
  const told: OptionsView[] = [];
  for (const target of test.targets) {
    if (target.transport === 'tls') continue;
    const name = targetName(target);
    const at = Date.now();
    const since = performance.now();
    try {
      const answer = await askDirectly(test, target);
      if (!answer) {
        told.push({ target: name, at, kind: 'unanswered' });
        continue;
      }
      const allow = answer.all('allow').join(', ');
      const server = answer.get('server') ?? answer.get('user-agent');
      told.push({
        ...{ target: name, at, kind: 'answered', status: answer.status, roundTrip: performance.now() - since },
        ...(allow === '' ? {} : { allow }),
        ...(server === undefined ? {} : { server }),
      });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      told.push({ target: name, at, kind: 'unreachable', detail: code ?? message });
    }
  }
  return told;
}
