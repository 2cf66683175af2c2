/** The elements of a civic address in the order in which RFC 5139 4 has them: its schema is a sequence. */
export const civicElements = [
  'country',
  'A1',
  'A2',
  'A3',
  'A4',
  'A5',
  'A6',
  'PRM',
  'PRD',
  'RD',
  'STS',
  'POD',
  'POM',
  'RDSEC',
  'RDBR',
  'RDSUBBR',
  'HNO',
  'HNS',
  'LMK',
  'LOC',
  'FLR',
  'NAM',
  'PC',
  'BLD',
  'UNIT',
  'ROOM',
  'SEAT',
  'PLC',
  'PCN',
  'POBOX',
  'ADDCODE',
] as const;

/** A civic address: its elements by name, as text. */
export type CivicAddress = Readonly<Record<string, string>>;

/** For people, the narrowest first: "room 4, floor 2, HQ, 1 Main Street, Springfield, IL 62701, US". */
export function civicLine(civic: CivicAddress): string {
  const join = (...names: readonly string[]) =>
    names
      .map((name) => civic[name] ?? '')
      .filter((part) => part !== '')
      .join(' ');
  const named = (word: string, name: string) => (civic[name] ? `${word} ${civic[name]}` : '');
  const street = join('HNO', 'HNS', 'PRM', 'PRD', 'RD', 'A6', 'STS', 'POD', 'POM');
  return [
    civic.LOC ?? '',
    named('seat', 'SEAT'),
    named('room', 'ROOM'),
    named('unit', 'UNIT'),
    named('floor', 'FLR'),
    civic.BLD ?? '',
    civic.NAM ?? '',
    civic.LMK ?? '',
    street,
    civic.A3 ?? '',
    join('A1', 'PC'),
    civic.country ?? '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}
