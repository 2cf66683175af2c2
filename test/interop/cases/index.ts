import type { Group } from '../harness.ts';
import { admission } from './admission.ts';
import { digest } from './authentication.ts';
import { baresip } from './baresip.ts';
import { branch } from './branch.ts';
import { bypass } from './bypass.ts';
import { callingBack } from './calling-back.ts';
import { calls } from './calls.ts';
import { cancelling } from './cancelling.ts';
import { captures } from './captures.ts';
import { changing } from './changing.ts';
import { decisions } from './decisions.ts';
import { digits } from './digits.ts';
import { emergency } from './emergency.ts';
import { failover } from './failover.ts';
import { fax } from './fax.ts';
import { firstRun } from './first-run.ts';
import { health } from './health.ts';
import { hunting } from './hunting.ts';
import { interworking } from './interworking.ts';
import { marks } from './marks.ts';
import { mesh } from './mesh.ts';
import { nodes } from './nodes.ts';
import { offers } from './offers.ts';
import { outside } from './outside.ts';
import { passing } from './passing.ts';
import { proxied } from './proxied.ts';
import { quality } from './quality.ts';
import { quiet } from './quiet.ts';
import { reference } from './reference.ts';
import { registration } from './registration.ts';
import { reliability } from './reliability.ts';
import { requests } from './requests.ts';
import { rerouted } from './rerouted.ts';
import { rules } from './rules.ts';
import { srtp } from './srtp.ts';
import { survival } from './survival.ts';
import { teardown } from './teardown.ts';
import { thousand } from './thousand.ts';
import { tls } from './tls.ts';
import { transfers } from './transfers.ts';
import { transports } from './transports.ts';
import { unwanted } from './unwanted.ts';
import { linphone, users } from './users.ts';
import { watching } from './watching.ts';

export const groups: readonly Group[] = [
  { name: 'calls', cases: calls },
  { name: 'cancelling', cases: cancelling },
  { name: 'offers', cases: offers },
  { name: 'reliability', cases: reliability },
  { name: 'changing', cases: changing },
  { name: 'teardown', cases: teardown },
  { name: 'requests', cases: requests },
  { name: 'transports', cases: transports },
  { name: 'baresip', cases: baresip },
  { name: 'hunting', configuration: 'hunting.yaml', cases: hunting },
  { name: 'quiet', configuration: 'quiet.yaml', cases: quiet },
  { name: 'survival', cases: survival },
  { name: 'branch', cases: branch },
  { name: 'reference', cases: reference },
  registration,
  firstRun,
  thousand,
  tls,
  digest,
  interworking,
  transfers,
  users,
  bypass,
  admission,
  rerouted,
  outside,
  watching,
  linphone,
  proxied,
  rules,
  srtp,
  fax,
  passing,
  ...unwanted,
  marks,
  captures,
  quality,
  failover,
  health,
  mesh,
  nodes,
  decisions,
  emergency,
  callingBack,
  digits,
];
