import { setTimeout as sleep } from 'node:timers/promises';
import type { Conversation } from '../conversation.ts';
import type { Network } from '../network.ts';
import { cameOf } from '../sample.ts';
import type { Dialled, Stage } from '../stage.ts';
import type { Teller } from '../teller.ts';

/** What happens to an example beside its sample calls: something breaks, and what becomes of calls then. */
export type Story = (scene: Scene) => Promise<void>;

export interface Scene {
  readonly stage: Stage;
  readonly tell: Teller;
  /** Of examples that have one of their own. */
  readonly network: Network | undefined;
}

/** A call that must reach somebody, and is hung up again; its seconds from dialling to ringing. */
export async function reaches(
  { stage, tell }: Scene,
  [from, to, name]: readonly [from: string, to: string, name: string],
  what: string,
  within = 2,
  dialled: Dialled = {},
): Promise<void> {
  const call = await stage.dial(from, to, dialled);
  const { seconds = Infinity } = call;
  const heard = call.talks && (await call.isHeardNow());
  const holds = call.reached?.name === name && heard && seconds <= within;
  const after = seconds === Infinity ? '' : `, after ${seconds.toFixed(1)} s`;
  tell.is(
    holds,
    `${what}: ${cameOf(call)}${after}`,
    `expected: ${name} within ${within} s, and that both hear each other`,
  );
  await call.hangUp();
}

/** A call that goes on; it is to be hung up. */
export async function begins(
  { stage, tell }: Scene,
  [from, to, name]: readonly [from: string, to: string, name: string],
  what: string,
): Promise<Conversation> {
  const call = await stage.dial(from, to);
  const heard = call.talks && (await call.isHeardNow());
  tell.is(call.reached?.name === name && heard, `${what}: ${cameOf(call)}`, `expected: ${name}`);
  return call;
}

/** Looks until it is so; the seconds it took, or undefined when it was not in time. */
export async function within(seconds: number, look: () => Promise<boolean>, every = 250): Promise<number | undefined> {
  const from = performance.now();
  const passed = () => (performance.now() - from) / 1000;
  while (passed() < seconds) {
    if (await look()) return passed();
    await sleep(every);
  }
  return undefined;
}
