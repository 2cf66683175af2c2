import type { Endpoint } from '../perf/sipp.ts';
import type { Lab } from './harness.ts';
import { Kamailio, seen } from './kamailio.ts';

export interface RegistrarOptions {
  readonly name: string;
  /** Its UDP and TCP; TLS is one port above. */
  readonly place: Endpoint;
  readonly domain: string;
  readonly password: string;
  readonly algorithm: 'MD5' | 'SHA-256';
  /** Seconds that it grants at most. */
  readonly longest: number;
  /** Seconds below which it says 423 to those whose user is `brief`. */
  readonly least?: number;
  /** Where calls of those who registered go; calls from there go to whom they are for, by the flow of its REGISTER. */
  readonly phone: Endpoint;
  /** tls.cfg: it then listens on TLS too. */
  readonly tls?: string;
}

/**
 * Kamailio as a provider: registrar and outbound proxy in one. It challenges REGISTER with 401 and every other request of its customers
 * but ACK and CANCEL with 407, the ones inside a dialog too, and sends calls only by flows that stand: it opens none.
 */
export function startRegistrar(lab: Lab, options: RegistrarOptions): Promise<Kamailio> {
  const { place, domain, password, algorithm, longest, least = 60, phone } = options;
  const at = `${place.host}:${place.port}`;
  return Kamailio.start(lab, {
    name: options.name,
    listen: [`udp:${at}`, `tcp:${at}`, ...(options.tls === undefined ? [] : [`tls:${place.host}:${place.port + 1}`])],
    modules: ['auth', 'usrloc', 'registrar', 'nathelper', 'path'],
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    settings: [
      `alias="${domain}"`,
      'modparam("auth", "nonce_count", 1)',
      'modparam("auth", "qop", "auth")',
      ...(algorithm === 'MD5' ? [] : [`modparam("auth", "algorithm", "${algorithm}")`]),
      'modparam("auth", "secret", "of the test")',
      `modparam("registrar", "max_expires", ${longest})`,
      'modparam("registrar", "received_avp", "$avp(received)")',
      'modparam("nathelper", "received_avp", "$avp(received)")',
      'modparam("nathelper", "natping_interval", 0)',
      'modparam("usrloc", "db_mode", 0)',
      'modparam("usrloc", "preload", "location")',
    ],
    routes: `
request_route {
  ${seen}
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (is_method("CANCEL")) { if (t_check_trans()) { t_relay(); } exit; }
  if (is_method("REGISTER")) {
    if ($tU == "brief" && $(hdr(Expires){s.int}) > 0 && $(hdr(Expires){s.int}) < ${least}) {
      append_to_reply("Min-Expires: ${least}\\r\\n");
      sl_send_reply("423", "Interval Too Brief");
      exit;
    }
    if (!pv_www_authenticate("$td", "${password}", "0")) { www_challenge("$td", "1"); exit; }
    if ($au != $tU) { sl_send_reply("403", "Not your address"); exit; }
    fix_nated_register();
    append_to_reply("Service-Route: <sip:${place.host}:$Rp;transport=$proto;lr>\\r\\n");
    if ($tU == "path") {
      append_hf("Path: <sip:edge@${at};lr>\\r\\n", "Call-ID");
      append_to_reply("Path: <sip:edge@${at};lr>\\r\\n");
    }
    save("location");
    exit;
  }
  if ($si == "${phone.host}" && $sp == ${phone.port}) {
    if (has_totag()) { route(INDIALOG); exit; }
    if (!lookup("location")) { sl_send_reply("404", "Not registered"); exit; }
    record_route();
    set_forward_no_connect();
    t_on_reply("CUSTOMER");
    xlog("L_NOTICE", "SENT $rm $ru by $du\\n");
    if (!t_relay()) { sl_reply_error(); }
    exit;
  }
  if (!is_method("ACK")) {
    if (!pv_proxy_authenticate("${domain}", "${password}", "0")) { proxy_challenge("${domain}", "1"); exit; }
    consume_credentials();
  }
  if (has_totag()) { route(INDIALOG); exit; }
  loose_route_preloaded();
  record_route();
  add_contact_alias();
  xlog("L_NOTICE", "CALL from $fu asserted $hdr(P-Asserted-Identity) for $ru\\n");
  $du = "sip:${phone.host}:${phone.port}";
  if (!t_relay()) { sl_reply_error(); }
}

route[INDIALOG] {
  if (!loose_route()) { if (!is_method("ACK")) { sl_send_reply("404", "No route"); } exit; }
  if ($si == "${phone.host}") { handle_ruri_alias(); set_forward_no_connect(); }
  if (!t_relay() && !is_method("ACK")) { sl_reply_error(); }
}
# What follows in the call goes by the connection that its Contact came by, whatever it says (RFC 5626 in spirit).
onreply_route[CUSTOMER] {
  if ($si != "${phone.host}") { add_contact_alias(); }
}
`,
  });
}
