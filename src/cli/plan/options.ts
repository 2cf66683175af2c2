import type { OutputFormat } from '../output/output.ts';

/** As they stand on the command line; what is not given is as the configuration plans it. */
export interface PlanOptions {
  readonly users?: number;
  readonly profile?: 'light' | 'moderate' | 'heavy';
  /** Ms. */
  readonly hold?: number;
  /** Shares. */
  readonly blocking?: number;
  readonly growth?: number;
  readonly codec?: string;
  readonly ptime?: number;
  readonly srtp?: true;
  readonly tunnel?: 'ipsec' | 'ipsec-nat' | 'wireguard' | 'gre' | 'gre-ipsec';
  readonly records?: true;
  /** Unix ms. */
  readonly since?: number;
  readonly until?: number;
  readonly output: OutputFormat | 'html';
  readonly file?: string;
}
