/** A step of the way to a capability set that did not succeed: what was asked, what came, and what to do. */
export class PeeringFailure extends Error {
  override readonly name = 'PeeringFailure';
  readonly asked: string;
  readonly came: string;
  readonly cure: string;

  constructor(what: string, { asked, came, cure }: { asked: string; came: string; cure: string }) {
    super(`${what}\n  asked  ${asked}\n  came   ${came}\n  do     ${cure}`);
    this.asked = asked;
    this.came = came;
    this.cure = cure;
  }
}

/** What a stranger wrote, cut and without what could steer a terminal. */
export function printable(text: string, most = 200): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return plain.length > most ? `${plain.slice(0, most)}…` : plain;
}
