import { selfSigned } from '../../../test/support/certificates.ts';
import type { Files } from './files.ts';

/** The files that the examples of errors.ts name. */
export async function filesOfExamples(): Promise<Files> {
  const dns = ['sbc.example.com'];
  const [ours, other, expired] = [
    await selfSigned({ dns }),
    await selfSigned({ dns }),
    await selfSigned({ dns, from: -20, to: -10 }),
  ];
  const texts = new Map<string, string>([
    ['/etc/tandem/sbc.pem', ours.certificate],
    ['/etc/tandem/sbc.key', ours.key],
    ['/etc/tandem/expired.pem', expired.certificate],
    ['/etc/tandem/expired.key', expired.key],
    ['/etc/tandem/other.key', other.key],
    ['/etc/tandem/password', 'open sesame\n'],
    ['/etc/tandem/open-password', 'open sesame\n'],
    ['/etc/tandem/prefixes.txt', '+49\n+43\n# and so on\n'],
    ['/etc/tandem/prices.txt', '+49\nfree\n'],
    ['/etc/tandem/itsp-a.yaml', 'tandem: { title: Provider A, kinds: itsp }\n'],
  ]);
  return filesOf(texts);
}

/** Files that are only texts; those with "open" in their name may be read by everybody. */
export function filesOf(texts: ReadonlyMap<string, string>): Files {
  return {
    read(path) {
      const text = texts.get(path);
      return text === undefined ? { reason: 'there is none' } : { text, open: path.includes('open') };
    },
  };
}
