import { type EndCause, type EndedBy, type EndReason, endReasons } from './record.ts';

/** Ends that the parties chose themselves; every other one is a failure of the call. */
export const partiesOwnEnds: ReadonlySet<EndReason> = new Set([
  'hangup',
  'cancelled',
  'busy',
  'answered-elsewhere',
  'no-answer',
  'tested',
]);

const parties: Record<EndedBy, string> = {
  caller: 'The caller',
  callee: 'The called party',
  tandem: 'Tandem',
  nobody: 'Nobody',
};

/**
 * How a call or attempt ended, in a sentence for people, and the raw causes of the far side behind it:
 * "The called party hung up. SIP 200 OK; Q.850 cause 16 (Normal call clearing)."
 * Text from the wire in it is as it came: whoever prints it makes it harmless first.
 */
export function describeEnd(end: EndCause): string {
  const raw: string[] = [];
  if (end.sip) raw.push(`SIP ${end.sip.status} ${end.sip.phrase}`.trimEnd());
  if (end.q850) raw.push(`Q.850 cause ${end.q850.cause}${end.q850.text ? ` (${end.q850.text})` : ''}`);
  else if (end.reasonHeader) raw.push(`Reason: ${end.reasonHeader}`);
  const sentence = what(end);
  return raw.length === 0 ? sentence : `${sentence} ${raw.join('; ')}.`;
}

function what({ by, reason }: EndCause): string {
  if (reason === 'hangup' && by !== 'nobody') return `${parties[by]} hung up.`;
  return withoutAside(endReasons[reason] ?? `${reason}.`);
}

/** The table's sentence without the brackets that name status codes: the actual one follows it. */
function withoutAside(text: string): string {
  return text.replaceAll(/ \([^()]*\)/g, '');
}
