import { expect, test } from 'vitest';
import type { Header } from '#codec/sip-message';
import type { Sent } from './registration.testing.ts';
import { challenge, ok, targetOf, targets, World } from './registration.testing.ts';
import type { Registration } from './registration.ts';

/* Every state x every input: one registrar with one server behind a connection; what is granted is granted for an hour. */

interface Bench {
  readonly world: World;
  readonly registration: Registration;
}
type Act = (bench: Bench) => void;

const found = targets(targetOf('192.0.2.1', 'tcp'));

function answer(status: number, headers: (sent: Sent) => readonly Header[] = () => []): Act {
  return ({ world }) => {
    const sent = world.sent.at(-1);
    if (sent) world.respond(sent, status, headers(sent));
  };
}

/** Lets the deadline come that has this name; one that is not armed never does. */
function fire(wanted: (name: string) => boolean): Act {
  return ({ world, registration }) => {
    const armed = [...world.deadlines].find(({ name }) => wanted(name));
    if (!armed) return;
    world.mono = armed.at;
    world.deadlines.clear(armed);
    registration.wake(armed.name, world.now);
  };
}

const granted = answer(200, (sent) => {
  const given = ok(sent);
  return typeof given === 'object' ? given.headers! : [];
});

const inputs = {
  start: ({ world, registration }) => registration.start(world.now, 1_000),
  retry: ({ world, registration }) => registration.retry(world.now),
  located: ({ world, registration }) => {
    world.found = found;
    registration.located(world.now);
  },
  '100': answer(100),
  '200': granted,
  '200 without us': answer(200),
  '302': answer(302),
  '401': answer(401, () => challenge('n')),
  '403': answer(403),
  '423': answer(423, () => [['Min-Expires', '4000']]),
  '503': answer(503),
  timeout: ({ world }) => world.sent.at(-1)?.owner.onFailure('timeout', 'Timer F', world.now),
  transport: ({ world }) => world.sent.at(-1)?.owner.onFailure('transport', 'refused', world.now),
  'flow closed': ({ world, registration }) => {
    const connection = registration.flow?.connection;
    registration.flowClosed(connection ?? 'c1', 'reset', world.now);
  },
  timer: fire((name) => name !== 'expiry'),
  expiry: fire((name) => name === 'expiry'),
  unregister: ({ world, registration }) => registration.unregister(world.now),
} satisfies Record<string, Act>;
type Input = keyof typeof inputs;

const paths = {
  unregistered: [],
  'unregistered, to start': ['start'],
  'registering, locating': ['retry'],
  registering: ['retry', 'located'],
  registered: ['retry', 'located', '200'],
  refreshing: ['retry', 'located', '200', 'timer'],
  'refreshing, flow lost': ['retry', 'located', '200', 'flow closed'],
  'refreshing, flow lost, asking': ['retry', 'located', '200', 'flow closed', 'timer'],
  'registered, to try again': ['retry', 'located', '200', 'timer', '503'],
  failed: ['retry', 'located', '403'],
  unregistering: ['retry', 'located', '200', 'unregister'],
  'unregistered again': ['retry', 'located', '200', 'unregister', '200'],
} satisfies Record<string, readonly Input[]>;
type State = keyof typeof paths;

function benchAt(path: readonly Input[]): Bench {
  const world = new World(() => 'silence');
  world.found = () => ({ kind: 'pending' });
  const bench = { world, registration: world.registration() };
  for (const input of path) inputs[input](bench);
  return bench;
}

/** "-" for nothing at all, else "stage | REGISTERs that left | deadlines that are armed", the last where they are others now. */
function outcome(state: State, input: Input): string {
  const bench = benchAt(paths[state]);
  const { world, registration } = bench;
  const { stage } = registration;
  const sent = world.sent.length;
  const armed = [...world.deadlines];
  inputs[input](bench);
  const parts: string[] = [registration.stage];
  for (const { request } of world.sent.slice(sent)) {
    parts.push(`${request.get('authorization') ? 'authorized ' : ''}REGISTER ${request.get('expires')}`);
  }
  const moved =
    [...world.deadlines].some((deadline) => !armed.includes(deadline)) || world.deadlines.size !== armed.length;
  if (moved) parts.push(world.armed() || 'nothing armed');
  return parts.length === 1 && registration.stage === stage ? '-' : parts.join(' | ');
}

const begins = 'registering | locate';
const asks = 'registering | REGISTER 3600 | answer';
const refreshes = 'refreshing | REGISTER 3600 | answer expiry';
const leaves = 'unregistering | REGISTER 0 | expiry unregister';
const taken = 'registered | expiry refresh';
const refused = 'failed | retry';
const gone = 'unregistered | nothing armed';

/** What does not stand here does nothing. */
const outcomes: Readonly<Record<State, Partial<Readonly<Record<Input, string>>>>> = {
  unregistered: { start: 'unregistered | start', retry: begins },
  'unregistered, to start': {
    start: 'unregistered | start', // The later word counts.
    retry: begins,
    timer: begins,
    unregister: gone,
  },
  'registering, locating': { located: asks, timer: refused, unregister: gone },
  registering: {
    '200': taken,
    '200 without us': refused,
    '302': refused,
    '401': 'registering | authorized REGISTER 3600 | answer',
    '403': refused,
    '423': 'registering | REGISTER 4000 | answer',
    '503': refused,
    timeout: refused,
    transport: refused,
    timer: refused,
    unregister: 'unregistering | REGISTER 0 | unregister',
  },
  registered: {
    retry: refreshes,
    'flow closed': 'refreshing | expiry retry',
    timer: refreshes,
    expiry: 'failed | refresh',
    unregister: leaves,
  },
  refreshing: {
    '200': taken,
    '200 without us': refused,
    '302': refused,
    '401': 'refreshing | authorized REGISTER 3600 | answer expiry',
    '403': refused,
    '423': 'refreshing | REGISTER 4000 | answer expiry',
    // It holds until it runs out.
    '503': 'registered | expiry retry',
    timeout: 'registered | expiry retry',
    transport: 'registered | expiry retry',
    timer: 'registered | expiry retry',
    expiry: 'registering | answer',
    unregister: leaves,
  },
  'refreshing, flow lost': {
    retry: refreshes,
    timer: refreshes,
    expiry: 'failed | retry',
    unregister: leaves,
  },
  'refreshing, flow lost, asking': {
    '200': taken,
    '200 without us': refused,
    '302': refused,
    '401': 'refreshing | authorized REGISTER 3600 | answer expiry',
    '403': refused,
    '423': 'refreshing | REGISTER 4000 | answer expiry',
    '503': refused,
    timeout: refused,
    transport: refused,
    timer: refused,
    expiry: 'registering | answer',
    unregister: leaves,
  },
  'registered, to try again': {
    retry: refreshes,
    'flow closed': 'refreshing | expiry retry',
    timer: refreshes,
    expiry: 'failed | retry',
    unregister: leaves,
  },
  failed: { retry: asks, timer: asks, unregister: gone },
  unregistering: {
    '200': gone,
    '200 without us': gone,
    '302': gone,
    '401': 'unregistering | authorized REGISTER 0',
    '403': gone,
    '423': gone,
    '503': gone,
    timeout: gone,
    transport: gone,
    timer: gone,
    expiry: 'unregistering | unregister',
  },
  'unregistered again': { start: 'unregistered | start', retry: asks },
};

const rows = (Object.keys(paths) as State[]).flatMap((state) =>
  (Object.keys(inputs) as Input[]).map((input) => [state, input, outcomes[state][input] ?? '-'] as const),
);

test.each(rows)('%s x %s: %s', (state, input, expected) => {
  expect(outcome(state, input)).toBe(expected);
});

test('each path ends in the state that it is named after', () => {
  for (const state of Object.keys(paths) as State[]) {
    expect(benchAt(paths[state]).registration.stage).toBe(state.split(/,| again/)[0]);
  }
});
