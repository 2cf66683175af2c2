import { lookup } from 'node:dns/promises';
import type { Trunk } from '#engine/ports';
import type { Place } from '../trunk-place.ts';
import { connection } from '../trunk-test/connection.ts';
import type { Test } from '../trunk-test/context.ts';
import { dns } from '../trunk-test/dns.ts';
import { options, viewOf } from '../trunk-test/options.ts';
import { failed, passed, type Step, type StepOutcome, skipped } from '../trunk-test/report.ts';
import { faultOf } from '../trunk-test/run.ts';
import { tls } from '../trunk-test/tls.ts';
import { stateOf } from '../trunk-view.ts';
import { certificates } from './certificates.ts';
import { listening } from './listening.ts';
import { type LookUp, publicAddress } from './public-address.ts';

/** What the world says of the file: of ourselves, and of each trunk. */
export interface WorldReport {
  readonly running: boolean;
  readonly subjects: readonly Subject[];
  /** Nothing has failed. */
  readonly ok: boolean;
}

export interface Subject {
  /** "ourselves", or a trunk. */
  readonly name: string;
  readonly steps: readonly Step[];
}

/** Trunks that are looked at at once. */
const together = 8;

const systemLookUp: LookUp = async (name) => (await lookup(name, { all: true })).map(({ address }) => address);

/** Looks at the world, `tandem check --live`: nothing is called, nothing is registered anew. */
export async function lookAtWorld(place: Place, lookUp: LookUp = systemLookUp): Promise<WorldReport> {
  const { configuration, program } = place;
  const running = program !== undefined;
  const ourselves: Subject = {
    name: 'ourselves',
    steps: [
      await step('Listeners', () => listening(configuration.listeners, running)),
      await step('Certificates', async () => certificates(configuration)),
      await step('Our address', () => publicAddress(configuration, lookUp)),
    ],
  };
  // Those that end at other nodes are looked at there; these nodes are among ours.
  const own = configuration.trunks.filter(({ by }) => !by);
  const trunks: Subject[] = [];
  let next = 0;
  const walk = async () => {
    for (let at = next++; at < own.length; at = next++) trunks[at] = await lookAtTrunk(place, own[at]!);
  };
  await Promise.all(Array.from({ length: together }, walk));
  const subjects = [ourselves, ...trunks];
  return { running, subjects, ok: subjects.every(({ steps }) => steps.every(({ verdict }) => verdict !== 'failed')) };
}

async function lookAtTrunk(place: Place, trunk: Trunk): Promise<Subject> {
  const test: Test = { place, trunk, targets: [] };
  return {
    name: trunk.name,
    steps: [
      await step('DNS', () => dns(test)),
      await step('Connection', () => connection(test)),
      await step('TLS', () => tls(test)),
      await step('OPTIONS', () => options(test)),
      await step('State', () => state(test)),
    ],
  };
}

/** How the running program finds it: its registration, and its health. */
async function state({ trunk, place }: Test): Promise<StepOutcome> {
  const { program } = place;
  if (!program) return skipped('no program runs');
  const view = await viewOf(program, trunk.name);
  if (!view) return failed('the running program does not know it', { todo: ['It runs by an older file: restart it.'] });
  const { state: how, because } = stateOf(view);
  const came = view.registration ? [`registration: ${view.registration.stage}`] : [];
  if (how === 'up' || how === 'partly') return passed(`${how}: ${because}`, { came });
  if (how === 'unknown') return passed(`not yet known: ${because}`, { came });
  return failed(`down: ${because}`, {
    came,
    todo: [`\`tandem trunk test ${trunk.name} ${place.file}\` shows where it fails.`],
  });
}

async function step(name: string, act: () => Promise<StepOutcome>): Promise<Step> {
  const at = Date.now();
  const began = performance.now();
  const outcome = await act().catch(faultOf);
  return { name, at, tookMs: Math.round(performance.now() - began), sent: [], came: [], todo: [], ...outcome };
}
