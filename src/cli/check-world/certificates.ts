import type { Configuration } from '#engine/ports';
import { CertificateStore } from '#shell/tls';
import { failed, passed, type StepOutcome, skipped, warning } from '../trunk-test/report.ts';

/** The certificates and roots that the file names: read as the program reads them, and how long they last. */
export function certificates({ listeners, trunks }: Pick<Configuration, 'listeners' | 'trunks'>): StepOutcome {
  const store = new CertificateStore({ configuration: { listeners, trunks }, onEvent: () => {} });
  try {
    const views = store.inspect();
    if (views.length === 0) return skipped('no listener and no trunk has one');
    const came = views.map(({ users, kind, names, files, daysLeft }) => {
      const days = daysLeft === undefined ? '' : daysLeft < 0 ? ', expired' : `, ${daysLeft} days left`;
      return `${kind} of ${users.join(', ')}: ${names.join(', ') || files.join(', ')}${days}`;
    });
    const broken = views.flatMap(({ users, problem }) =>
      problem === undefined ? [] : [`${users.join(', ')}: ${problem}`],
    );
    const doubts = views.flatMap(({ users, warnings }) => warnings.map((one) => `${users.join(', ')}: ${one}`));
    // Of ours each peer looks at it; of roots that a trunk has, one may do where another has expired: its handshake tells.
    const expired = views.filter(({ kind, daysLeft = 0 }) => kind === 'certificate' && daysLeft < 0);
    if (expired.length > 0)
      return failed(`that of ${expired.flatMap(({ users }) => users).join(', ')} has expired: nobody takes it`, {
        came,
        todo: [...broken, ...doubts],
      });
    if (broken.length > 0) return failed(broken[0]!, { came, todo: [...broken, ...doubts] });
    return doubts.length > 0
      ? warning(doubts[0]!, { came, todo: doubts })
      : passed(`${views.length} can be used`, { came });
  } finally {
    store.close();
  }
}
