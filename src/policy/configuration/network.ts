/** An address prefix: `host` is an IP literal, `bits` its length. */
export interface Network {
  readonly host: string;
  readonly bits: number;
}
