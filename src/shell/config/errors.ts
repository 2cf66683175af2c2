import { callCodes } from './codes-calls.ts';
import { doubtCodes } from './codes-doubt.ts';
import { numberDoubtCodes } from './codes-doubt-numbers.ts';
import { placeDoubtCodes } from './codes-doubt-places.ts';
import { fileCodes } from './codes-file.ts';
import { managementCodes } from './codes-management.ts';
import { namedFileCodes } from './codes-named-file.ts';
import { nodeCodes } from './codes-nodes.ts';
import { numberCodes } from './codes-numbers.ts';
import { organisationCodes } from './codes-organisation.ts';
import { placeCodes } from './codes-places.ts';
import { securityCodes } from './codes-security.ts';
import { togetherCodes } from './codes-together.ts';
import { valueCodes } from './codes-value.ts';

export type { CodeEntry } from './codes-entry.ts';

/**
 * Every problem a configuration can have. Codes are never given a second meaning: what goes out of use leaves a gap.
 * 10xx the file, 11xx one value, 12xx values that do not go together, 13xx doubts, 14xx files that the file names.
 */
export const codes = {
  ...fileCodes,
  ...valueCodes,
  ...organisationCodes,
  ...togetherCodes,
  ...securityCodes,
  ...callCodes,
  ...placeCodes,
  ...nodeCodes,
  ...numberCodes,
  ...managementCodes,
  ...doubtCodes,
  ...placeDoubtCodes,
  ...numberDoubtCodes,
  ...namedFileCodes,
} as const;

export type Code = keyof typeof codes;

/** A file without a fault: what the examples are put into. */
export const soundFile = `listeners:
  - name: lan
    side: internal
    bind: 10.0.0.5
  - name: wan
    side: external
    bind: 192.0.2.5
trunks:
  - name: pbx
    kind: ip-pbx
    addresses: 10.0.0.20
  - name: itsp-a
    kind: itsp
    addresses: 203.0.113.10
routes:
  - name: outbound
    from: pbx
    to: itsp-a
  - name: inbound
    from: itsp-a
    to: pbx
`;
