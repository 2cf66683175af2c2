import { setTimeout as pause } from 'node:timers/promises';
import { duration } from '../cdr-text.ts';
import { connectionAdvice, statusAdvice, unreachableAdvice } from './advice.ts';
import type { Test } from './context.ts';
import { viewOf } from './options.ts';
import { failed, noProgram, passed, type StepOutcome, skipped } from './report.ts';

/** Ms that the registrars have, all together. */
const patience = 12_000;
const lookEvery = 100;

/** Registers anew, and says what the registrar answers. */
export async function register({ trunk, place }: Test): Promise<StepOutcome> {
  const { program } = place;
  if (!trunk.registration) return skipped('the trunk does not register');
  if (!program) return skipped(noProgram, { todo: ['Start it: `tandem run` registers.'] });
  const began = await program.ask('register', { trunk: trunk.name });
  const at = Number(began.at);
  const until = performance.now() + patience;
  for (;;) {
    const status = (await viewOf(program, trunk.name))?.registration;
    if (!status)
      return failed('the running program does not register it', { todo: ['It runs by an older file: restart it.'] });
    const { stage, lastAnswer, lastError, nextAt } = status;
    const answered = lastAnswer !== undefined && lastAnswer.at >= at;
    const isOver =
      (stage === 'registered' && answered && lastAnswer.status < 300) ||
      (stage === 'failed' && (lastError?.at ?? 0) >= at);
    const isLate = performance.now() > until;
    if (!isOver && !isLate) {
      await pause(lookEvery);
      continue;
    }
    const sent = [
      `REGISTER ${status.registrar} as ${status.addressOfRecord}${status.target === undefined ? '' : ` to ${status.target}`}`,
      ...(status.contact === undefined ? [] : [`Contact: ${status.contact}`]),
    ];
    const came = [
      ...(lastAnswer ? [`${lastAnswer.status} ${lastAnswer.phrase} from ${lastAnswer.from}`] : ['no answer']),
      ...(status.seenAs === undefined ? [] : [`it sees us as ${status.seenAs}: a NAT lies between`]),
      ...(status.serviceRoute.length === 0 ? [] : [`Service-Route: ${status.serviceRoute.join(', ')}`]),
      ...(status.path.length === 0 ? [] : [`Path: ${status.path.join(', ')}`]),
      ...(nextAt === undefined ? [] : [`next REGISTER in ${duration(Math.max(0, nextAt - Date.now()))}`]),
    ];
    if (isOver && stage === 'registered') {
      const granted = status.granted === undefined ? '' : `, for ${duration(status.granted)}`;
      return passed(`${lastAnswer!.status} ${lastAnswer!.phrase}${granted}`, { sent, came });
    }
    const advice = answered
      ? statusAdvice(lastAnswer.status, 'REGISTER')
      : isOver
        ? unreachableAdvice(lastError?.text ?? '', trunk.transport)
        : connectionAdvice('ETIMEDOUT', trunk.transport);
    const reason = lastError && lastError.at >= at ? lastError.text : `no answer within ${patience / 1000} s`;
    return failed(reason, { sent, came, todo: [advice ?? 'Look at the registrar, its address and the way there.'] });
  }
}
