import { password, select, text } from '@clack/prompts';
import type { TestReport } from '../trunk-test/report.ts';
import { type Answers, faults, isDomain } from './answers.ts';
import { answer, type Terminal } from './ask.ts';

/** What can be said anew when a trial has failed. */
export type Change = 'account' | 'place' | 'trust' | 'here' | 'number' | 'again' | 'leave';

export interface Trial {
  readonly answers: Answers;
  /** To call; empty: none. */
  readonly number: string;
}

const words: Readonly<Record<Change, string>> = {
  account: 'The account: user name and password',
  place: 'The provider: where it is, and the way there',
  trust: 'Whose certificates are believed',
  here: 'This machine: its address and port',
  number: 'The number to call',
  again: 'Nothing here: it was mended elsewhere, try again',
  leave: 'Leave it at that',
};

/** What most likely has to be changed, by the first step that failed. */
export function likely({ steps }: Pick<TestReport, 'steps'>): Change {
  const worst = steps.find(({ verdict }) => verdict === 'failed') ?? steps.find(({ verdict }) => verdict === 'warning');
  const said = [worst?.summary, ...(worst?.came ?? [])].join(' ');
  switch (worst?.name) {
    case 'Configuration':
      return 'here';
    case 'DNS':
    case 'Connection':
    case 'OPTIONS':
      return 'place';
    case 'TLS':
      return /plain text|no connection/.test(said) ? 'place' : 'trust';
    case 'REGISTER':
      return /\b40[1347]\b|password|credentials/.test(said) ? 'account' : 'place';
    case 'Call':
      return /\b40[17]\b/.test(said) ? 'account' : 'number';
    case 'Audio':
      return 'here';
    default:
      return 'again';
  }
}

/** Did it come to something that is worth another try? */
export function isDoubtful({ ok, steps }: TestReport): boolean {
  return !ok || steps.some(({ name, verdict }) => verdict === 'warning' && (name === 'Call' || name === 'Audio'));
}

/** Asks what shall be another, and for that; undefined: nothing more. */
export async function mend(trial: Trial, first: Change, terminal: Terminal): Promise<Trial | undefined> {
  const { answers } = trial;
  const offered = (Object.keys(words) as Change[]).filter(
    (change) =>
      (change !== 'account' || answers.user !== undefined) && (change !== 'trust' || answers.transport === 'tls'),
  );
  const change = await answer(
    select({
      message: 'What shall be changed before it is tried again?',
      initialValue: offered.includes(first) ? first : 'again',
      options: offered.map((value) => ({ value, label: words[value] })),
      ...terminal,
    }),
  );
  if (change === 'leave') return undefined;
  if (change === 'again') return trial;
  if (change === 'number') {
    const number = await answer(text({ message: words.number, initialValue: trial.number, ...terminal }));
    return { ...trial, number: number ?? '' };
  }
  return { ...trial, answers: await changed(answers, change, terminal) };
}

async function changed(answers: Answers, change: Change, terminal: Terminal): Promise<Answers> {
  const line = async (key: keyof typeof faults, message: string, mayBeEmpty = false): Promise<string> =>
    (await answer(
      text({
        message,
        initialValue: String(answers[key] ?? ''),
        validate: (value = '') => (mayBeEmpty && value === '' ? undefined : faults[key]?.(value)),
        ...terminal,
      }),
    )) ?? '';
  /** What was emptied is gone. */
  const withMaybe = (
    all: Answers,
    key: 'proxy' | 'advertise' | 'trust' | 'certificateName',
    value: string,
  ): Answers => {
    const { [key]: _before, ...others } = all;
    return value === '' ? others : { ...others, [key]: value };
  };
  switch (change) {
    case 'account':
      return {
        ...answers,
        user: await line('user', 'The account: its user name'),
        password: await answer(password({ message: 'Its password', ...terminal })),
      };
    case 'place': {
      const provider = await line('provider', 'Where is it? Its domain, or its address');
      const proxy = isDomain(provider) ? await line('proxy', 'Its outbound proxy (empty: none)', true) : '';
      const transport = await answer(
        select({
          message: 'By which way?',
          initialValue: answers.transport,
          options: (['tls', 'tcp', 'udp'] as const).map((value) => ({ value, label: value.toUpperCase() })),
          ...terminal,
        }),
      );
      return withMaybe({ ...answers, provider, transport }, 'proxy', proxy);
    }
    case 'trust': {
      const root = 'The file with its root certificate, PEM (empty: those of this machine alone)';
      const trusting = withMaybe(answers, 'trust', await line('trust', root, true));
      const name = 'The name in its certificate (empty: the one it is found by)';
      return withMaybe(trusting, 'certificateName', await line('certificateName', name, true));
    }
    case 'here': {
      const bind = await line('bind', 'Which address of this machine?');
      const port = Number(await line('port', 'Which port? 5060 is usual'));
      const advertise = await line(
        'advertise',
        'The public address, where this one is behind a NAT (empty: none)',
        true,
      );
      return withMaybe({ ...answers, bind, port }, 'advertise', advertise);
    }
    default:
      return answers;
  }
}
