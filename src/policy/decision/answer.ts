/** What a decision service says of a call (docs/routing.md). */
export interface Answer {
  /** Names of trunks and groups, in order. */
  readonly trunks?: readonly string[];
  /** In place of the number: routing goes on with it. */
  readonly called?: string;
  /** Who the trunks are told calls. */
  readonly caller?: string;
  /** The status that the caller is refused with. */
  readonly refuse?: number;
  /** For the decision trace. */
  readonly reason?: string;
}

/** Octets of an answer that are read, trunks that it may name, characters of its reason (docs/limits.md). */
export const answerLimits = { octets: 64 * 1024, trunks: 32, number: 64, reason: 200 } as const;

const keys: ReadonlySet<string> = new Set(['trunks', 'called', 'caller', 'refuse', 'reason']);

/** Reads what the service sent: nothing in it is taken on trust. `wrong`: why it can't be used, in one sentence. */
export function readAnswer(text: string): Answer | { readonly wrong: string } {
  if (text.trim() === '') return {};
  if (text.length > answerLimits.octets) return { wrong: 'its answer is too long' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { wrong: 'its answer is not JSON' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { wrong: 'its answer is not a JSON object' };
  const said = value as Readonly<Record<string, unknown>>;
  const stranger = Object.keys(said).find((key) => !keys.has(key));
  // A misspelt "refuse" would be a call.
  if (stranger !== undefined) return { wrong: `its answer has a key ${JSON.stringify(stranger.slice(0, 40))}` };
  const { trunks, called, caller, refuse, reason } = said;
  if (trunks !== undefined && !isNames(trunks))
    return { wrong: `"trunks" is not a list of up to ${answerLimits.trunks} names` };
  if (called !== undefined && !isNumber(called)) return { wrong: '"called" is not a number' };
  if (caller !== undefined && !isNumber(caller)) return { wrong: '"caller" is not a number' };
  if (refuse !== undefined && !isRefusal(refuse)) return { wrong: '"refuse" is not a status from 400 to 699' };
  if (refuse !== undefined && trunks !== undefined) return { wrong: 'it names trunks, and refuses' };
  return {
    ...(trunks && trunks.length > 0 && { trunks }),
    ...(called !== undefined && { called }),
    ...(caller !== undefined && { caller }),
    ...(refuse !== undefined && { refuse }),
    ...(typeof reason === 'string' && { reason: printable(reason.slice(0, answerLimits.reason)) }),
  };
}

function isNames(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length <= answerLimits.trunks &&
    value.every((name) => typeof name === 'string' && name.length <= 64)
  );
}

/** As it may stand in a SIP URI and in what people read: digits, "+", "*", "#", and the like. */
function isNumber(value: unknown): value is string {
  return typeof value === 'string' && value.length <= answerLimits.number && /^[A-Za-z0-9+*#._;=-]+$/.test(value);
}

function isRefusal(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 400 && value <= 699;
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
