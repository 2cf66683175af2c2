export { type LedgerInspection, PortLedger, type PortRange } from './ledger.ts';
