// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${NAME}` is what the configuration file says, not a template.
import type { Book } from '../../said/book.ts';

/** What the keys of a trunk mean. */
export const trunkKeys: Book = {
  'A peer that calls come from and go to.': '通話來往的一個對端。',
  'What routes, logs, counters and records call it.': '路由、日誌、計數器與通話紀錄對它的稱呼。',
  'What the peer is: an internet telephony service provider, a gateway to the PSTN, or an IP-PBX.':
    '對端的種類：電信業者、通往 PSTN 的閘道器，或 IP-PBX。',
  'What people should know of it.': '供人閱讀的說明。',
  'The site that it ends at.': '它所在的據點。',
  'The listeners that it is joined to; those of its side unless given.': '它使用的監聽位址；未設定則為同側的監聽位址。',
  'How numbers that come from it are read; as at its site unless given.': '如何解讀由它送來的號碼；未設定則依其據點。',
  'What may be called by calls that come from it: the usages of routes; `[]`: users, and no route. Routes without usages unless given.':
    '由它進來的通話可撥打什麼：路由的類別；`[]` 表示只能撥打使用者，不能使用路由。未設定則可使用沒有類別的路由。',
  'How numbers are written to it, in order: the first rule that fits decides.':
    '送往它的號碼如何書寫，依序：由第一條符合的規則決定。',
  'How the called number is written; as routes know it unless a rule fits.':
    '被叫號碼如何書寫；沒有規則符合時，與路由所用的相同。',
  'What traces call it; its place in the list unless given.': '路由說明中的名稱；未設定則為它在清單中的順序。',
  'What the whole number looks like, with groups in parentheses.': '整個號碼的樣式，可用括號分組。',
  'With `pattern`: what is written instead, `$1` for what the first group held.':
    '搭配 `pattern`：改寫成什麼，`$1` 代表第一組的內容。',
  'In place of a pattern: how the number begins.': '不用樣式時：號碼的開頭。',
  'With `starts`: how long it is, that with it; `any` unless given.':
    '搭配 `starts`：號碼的總長度，含開頭；未設定則為 `any`。',
  'How many characters come off at its beginning; none unless given.': '從開頭去除多少個字元；未設定則不去除。',
  'What goes in front then; nothing unless given.': '接著在前面加上什麼；未設定則不加。',
  'How the number of who calls is written.': '主叫號碼如何書寫。',
  'Numbers go to it without the "+" that they begin with.': '送往它的號碼去除開頭的「+」。',
  'Its peer takes media from, and sends it to, whoever it talks to: where `media.bypass` has it so, calls go past us. It sees the addresses of phones then.':
    '其對端可與任何通話對象直接收送媒體：若 `media.bypass` 允許，媒體不經過本系統。此時對端看得到話機的位址。',
  'An address of its media, where that is at another site than the trunk; for `media.bypass`.':
    '其媒體所在的位址，用於媒體與中繼線位於不同據點時；供 `media.bypass` 使用。',
  'Only who is at its site may use it, and is reached by it: tolls are not gone round.':
    '僅供同一據點的人使用，也僅能由它找到該據點的人：不得規避長途費用。',
  'Calls for help say where they come from: as a `location` (PIDF-LO, or the reference that the call brings), by PIDF-LO alone (`location-value`), or by a number of the place (`elin`). Neither unless given.':
    '緊急通話如何說明撥號地點：`location`（PIDF-LO，或通話帶來的參照）、僅 PIDF-LO（`location-value`），或代表地點的號碼（`elin`）。未設定則都不使用。',
  'What a minute costs by prefix, for routes with `choice: least-cost`. All trunks in one currency.':
    '各號碼開頭的每分鐘費率，供 `choice: least-cost` 的路由使用。所有中繼線須使用同一幣別。',
  'One by one.': '逐一列出。',
  'How the number begins; the longest that fits counts.': '號碼的開頭；以符合的最長者計算。',
  'What a minute costs.': '每分鐘費用。',
  'As CSV: a prefix and its price a line.': 'CSV 檔：每行一個號碼開頭與其費率。',
  'Its provider is a mobile carrier: who talks by it is in a call.': '其業者為行動電信業者：經由它通話的人視為通話中。',
  'Where it is: decides the listener and the media address. `external` for an itsp, `internal` for the others, unless given.':
    '它位於哪一側：決定監聽位址與媒體位址。未設定時，itsp 為 `external`，其他為 `internal`。',
  'How requests go to it. `auto`: as its NAPTR records say, over `udp` where it has none.':
    '請求以何種傳輸協定送出。`auto`：依其 NAPTR 紀錄，沒有時使用 `udp`。',
  'The peer, in order of preference; `next-hop`, else `domain`, unless given. Requests go to port 5060 (TLS: 5061) unless one is given, or where the SRV records of a name lead; a call from one of these addresses belongs to this trunk, and where a port is given it must come from that port. What follows in a call counts from these hosts only: a peer that moves calls between its hosts is one trunk.':
    '對端，依優先順序；未設定則為 `next-hop`，再其次為 `domain`。未指定連接埠時，請求送往 5060（TLS 為 5061），或依名稱的 SRV 紀錄；來自這些位址的通話屬於此中繼線，若指定了連接埠，則須來自該連接埠。通話的後續請求只接受來自這些主機者：在多台主機之間移動通話的對端仍是一條中繼線。',
  'Outbound proxies, in order of preference: requests go there, and nothing else is looked up.':
    '對外代理伺服器（outbound proxy），依優先順序：請求送往該處，不再查詢其他位址。',
  'Networks that its calls may come from as well. An address counts before a network, a long prefix before a short one.':
    '另外可能送來通話的網段。位址優先於網段，較長的網段優先於較短的。',
  'Networks that its media comes from, for `tandem firewall`; from anywhere unless given.':
    '其媒體來源的網段，供 `tandem firewall` 使用；未設定則為任何位置。',
  'Its SIP domain: the host of Request-URI, To and From. The address that requests go to unless given.':
    '其 SIP 網域：Request-URI、To 與 From 的主機部分。未設定則為請求送往的位址。',
  'Who we are to the trunk.': '本系統對此中繼線而言的身分。',
  'The user part of our address there: an account or a main number.': '本系統在該處位址的使用者部分：帳號或代表號。',
  'The name shown beside it.': '一併顯示的名稱。',
  'Whom From names: the `caller`, or this `identity`, and the caller in P-Asserted-Identity.':
    'From 寫誰：主叫（`caller`），或此身分（`identity`），此時主叫寫在 P-Asserted-Identity。',
  'Register at the trunk, and stay registered. `registration: {}` takes the defaults.':
    '向此中繼線註冊並維持註冊。`registration: {}` 採用預設值。',
  'The domains to register at, in order; the first that takes us is kept. `domain` unless given.':
    '要註冊的網域，依序；維持第一個接受者。未設定則為 `domain`。',
  'How long each is asked to last.': '要求每次註冊維持多久。',
  'The user part of the Contact; that of `identity` unless given.':
    'Contact 的使用者部分；未設定則與 `identity` 相同。',
  'Register all numbers of the trunk at once (RFC 6140).': '一次註冊此中繼線的所有號碼（RFC 6140）。',
  'Keep flows to it open, and have calls come by them (RFC 5626).': '保持通往它的連線，並讓通話由此進來（RFC 5626）。',
  'The pauses after failures; they grow, and are never quite the same (RFC 5626 4.5).':
    '失敗後的間隔；逐次增加，且不會完全相同（RFC 5626 4.5）。',
  'Before the first try after a failure.': '失敗後第一次重試之前。',
  'The longest pause between two tries.': '兩次嘗試之間的最長間隔。',
  'What the challenges (401, 407) of the trunk are answered with.': '以什麼回覆此中繼線的驗證要求（401、407）。',
  'The realm they are for; any unless given.': '適用的 realm；未設定則適用任何 realm。',
  'The user name.': '使用者名稱。',
  'The password; better from a variable, `${NAME}`, or from `password-file`. It is shown nowhere.':
    '密碼；最好取自變數 `${NAME}` 或 `password-file`。不會顯示在任何地方。',
  'The file that holds the password and nothing else. Read at start; a line end behind it does not count.':
    '只含密碼的檔案。啟動時讀取；結尾的換行不算。',
  'What its requests are challenged for. A request that answers rightly is of this trunk, wherever it comes from.':
    '要求其請求提供何種驗證。回覆正確的請求屬於此中繼線，無論來自何處。',
  'The realm that we challenge for.': '本系統要求驗證的 realm。',
  'What is offered, in order of preference (RFC 8760).': '提供的演算法，依優先順序（RFC 8760）。',
  'A connection over TLS whose certificate bears one of these names is of this trunk, wherever it comes from.':
    '以 TLS 連線且憑證含有其中一個名稱者，屬於此中繼線，無論來自何處。',
  'How TLS is spoken to it; the defaults unless given. Files are read again when they change.':
    '與它的 TLS 設定；未設定則為預設值。檔案變更時會重新讀取。',
  "PEM: our certificate towards it, with its chain; the listener's unless given.":
    'PEM：本系統對它出示的憑證與憑證鏈；未設定則為監聽位址的憑證。',
  'PEM: the private key of `certificate`.': 'PEM：`certificate` 的私密金鑰。',
  'Whose certificates are believed: `system`, the roots of this machine, and PEM files of others.':
    '信任哪些憑證：`system` 為本機的根憑證，另可指定 PEM 檔。',
  'The names of which its certificate must bear one (RFC 5922); the name that was looked up, else `domain`, unless given.':
    '其憑證必須含有的名稱之一（RFC 5922）；未設定則為查詢的名稱，再其次為 `domain`。',
  'A name *.example in its certificate counts for one label. RFC 5922 forbids it; some providers need it.':
    '其憑證中的 *.example 可代表一層名稱。RFC 5922 禁止，但有些業者需要。',
  'The age at which a connection of ours is replaced by a new one. `never` to keep it.':
    '本系統的連線使用多久後以新連線取代。`never` 表示一直保留。',
  'Encryption of media, with keys in SDP (RFC 4568).': '媒體加密，金鑰寫在 SDP 中（RFC 4568）。',
  '`required`: no call without it. `optional`: where the peer takes it.':
    '`required`：未加密則不通話。`optional`：對端接受時才加密。',
  'How `optional` is offered: `crypto` lines on RTP/AVP, an SAVP and an AVP m-line (`two-lines`), or RFC 5939 capabilities.':
    '`optional` 如何提出：在 RTP/AVP 上加 `crypto` 行、SAVP 與 AVP 兩個 m-line（`two-lines`），或 RFC 5939 的能力協商。',
  'The crypto suites, in order of preference.': '加密套件，依優先順序。',
  'Keys may be sent over UDP and TCP, where anyone on the way reads them and the media too.':
    '金鑰可經由 UDP 與 TCP 傳送；途中任何人都能讀取金鑰，也就能讀取媒體。',
  'How it is found out whether the trunk works. What is down is passed over until it answers.':
    '如何得知此中繼線是否正常。中斷者會被略過，直到恢復回應。',
  '`off`: only calls tell.': '`off`：只以通話判斷。',
  'Between OPTIONS to each of its targets. `never`: none are sent, and calls alone count.':
    '對每個目標送出 OPTIONS 的間隔。`never`：不送，只以通話判斷。',
  'Unanswered OPTIONS in a row after which a target that has answered before is down.':
    '曾經回應過的目標，連續幾次 OPTIONS 未獲回應後視為中斷。',
  'Answers in a row after which it is up again.': '連續幾次回應後視為恢復。',
  'Calls in a row without any answer after which a target is down. 0: calls do not count.':
    '連續幾通完全未獲回應後，目標視為中斷。0：通話不列入判斷。',
  'What its failures mean, in order: the first rule that fits decides, and the RFCs where none does.':
    '其失敗回應的意義，依序：由第一條符合的規則決定，沒有時依 RFC。',
  'The statuses it is for; any unless given.': '適用的狀態碼；未設定則為任何狀態碼。',
  'The Q.850 cause in its Reason header; any or none unless given.':
    '其 Reason 標頭中的 Q.850 原因碼；未設定則不論有無。',
  'The status it is taken for, and the caller gets.': '視為哪一個狀態碼，主叫也會收到它。',
  'Try the `next` target, or stop: `final`. As the status has it unless given.':
    '嘗試下一個目標（`next`），或停止（`final`）。未設定則依狀態碼而定。',
  'What the trunk runs over. Over the `internet` it takes a VPN, or TLS with SRTP; that is checked.':
    '此中繼線的連線方式。經由 `internet` 須有 VPN，或 TLS 加 SRTP；會加以檢查。',
  'What the trunk runs over.': '此中繼線的連線方式。',
  'A tunnel carries it, signalling and media.': '信令與媒體都經由隧道。',
  'The VLAN between us and the router of that tunnel: `tandem check` tells when connections share one.':
    '本系統與該隧道之路由器之間的 VLAN：有連線共用同一個時，`tandem check` 會告知。',
  'That tunnel, for the hand-over document, `tandem check` and `tandem firewall`; `vpn` is true with it.':
    '該隧道，供交接文件、`tandem check` 與 `tandem firewall` 使用；設定後 `vpn` 即為 true。',
  'What it is. `gre` alone encrypts nothing, and is none over the `internet`; `gre-ipsec` is GRE within IPsec.':
    '種類。單獨的 `gre` 不加密，經由 `internet` 時不算隧道；`gre-ipsec` 是 IPsec 內的 GRE。',
  'Where our end of it is outside, an address or a name: the provider is told, and it must be public.':
    '本系統這一端的外部位址或名稱：會告知業者，且必須為公開位址。',
  "Where the provider's end is.": '業者那一端的位置。',
  'Of UDP, at both ends; for `wireguard`.': '兩端的 UDP 連接埠；用於 `wireguard`。',
  'The marks of what is sent to it, for networks that tell voice from other traffic.':
    '送往它的封包標記，讓網路能區分語音與其他流量。',
  'Of SIP.': 'SIP 的標記。',
  'Of RTP and RTCP.': 'RTP 與 RTCP 的標記。',
  'The codecs of audio on the trunk. A call of which nothing is left gets 488.':
    '此中繼線上的語音編解碼器。沒有剩下任何編解碼器的通話會收到 488。',
  'What passes of audio, best first; `all` for whatever is offered. For an itsp `[PCMA, PCMU, telephone-event, CN]`, else `all`, unless given.':
    '可通過的語音編解碼器，依優先順序；`all` 為對方提出的全部。未設定時，itsp 為 `[PCMA, PCMU, telephone-event, CN]`，其他為 `all`。',
  'How much audio it is asked to put into a packet; as the other side asks unless given.':
    '要求它在每個封包放入多長的語音；未設定則依另一側的要求。',
  'How digits travel to and from it, whatever the other side does: events in RTP (`rtp-event`, RFC 4733), INFO with `application/dtmf-relay` (`info`) or `application/dtmf` (`info-dtmf`), tones in G.711 (`inband`). As they come unless given.':
    '與它之間如何傳送按鍵，不論另一側如何：RTP 事件（`rtp-event`，RFC 4733）、INFO 的 `application/dtmf-relay`（`info`）或 `application/dtmf`（`info-dtmf`）、G.711 中的音頻（`inband`）。未設定則照原樣。',
  'The media types that it takes; streams of others go with port 0. All unless given.':
    '它接受的媒體類型；其他類型的串流以連接埠 0 送出。未設定則全部接受。',
  '`t38`: a call may become a fax by T.38. `audio`: it may not, an offer of T.38 gets 488, and faxes go as G.711. As `media` says unless given.':
    '`t38`：通話可轉為 T.38 傳真。`audio`：不可，T.38 的要約會收到 488，傳真以 G.711 傳送。未設定則依 `media`。',
  'How it is told that a call is held: by a direction (RFC 3264 8.4), by `inactive` alone, or by the address 0.0.0.0 (RFC 2543). As the other side says it unless given.':
    '如何表示通話保留：以方向表示（RFC 3264 8.4）、僅以 `inactive`，或以位址 0.0.0.0（RFC 2543）。未設定則依另一側的表示。',
  '`early`: an INVITE to it always brings an offer, one of ours where the caller makes none. `delayed`: it never does, and the answer to it brings one. As the caller has it unless given.':
    '`early`：送往它的 INVITE 一律帶要約，主叫沒有時由本系統提出。`delayed`：一律不帶，由它的回應帶來。未設定則依主叫而定。',
  'Requests beside calls that pass to and from it, where the trunk on the other side lets them too: MESSAGE, SUBSCRIBE, PUBLISH, NOTIFY that nobody subscribed to, OPTIONS to numbers, REFER, packages of INFO, others by name; `SUBSCRIBE/presence` for one package alone. None unless given.':
    '可與它往來、且另一側的中繼線也允許的通話以外請求：MESSAGE、SUBSCRIBE、PUBLISH、未經訂閱的 NOTIFY、送往號碼的 OPTIONS、REFER、INFO 的套件，以及其他指名的方法；`SUBSCRIBE/presence` 表示單一套件。未設定則都不通過。',
  'Reports on voice quality (RFC 6035): docs/quality.md. None unless given.':
    '語音品質報告（RFC 6035）：docs/quality.md。未設定則沒有。',
  'What becomes of reports that it sends (PUBLISH and NOTIFY of `vq-rtcpxr`): they are kept with the record of the call, or refused unless `passes` lets them go on.':
    '如何處理它送來的報告（`vq-rtcpxr` 的 PUBLISH 與 NOTIFY）：保留在通話紀錄中，或拒絕（`passes` 允許通過者除外）。',
  'Whom we send a report for each of our legs with it, when the call has ended; nobody unless given.':
    '通話結束後，將與它之間每個通話段的報告送給誰；未設定則不送。',
  'By which trunk the collector is reached: by its addresses, its TLS, as who it is there and with its password; where the URI leads unless given.':
    '經由哪條中繼線連到收集端：使用它的位址、TLS、身分與密碼；未設定則依 URI。',
  'By which of our listeners the collector is reached, where no `trunk` says it.':
    '未指定 `trunk` 時，經由本系統的哪個監聽位址連到收集端。',
  'How often it is told of calls that go on; not at all unless given.': '通話進行中每隔多久回報；未設定則不回報。',
  'From where on it is told at once, and again when it is over; looked at every ten seconds.':
    '超過多少時立即回報，恢復時再回報一次；每十秒檢查一次。',
  'Percent of packets that were lost.': '遺失封包的百分比。',
  'Interarrival jitter.': '抖動（interarrival jitter）。',
  'Between it and us, by its RTCP.': '它與本系統之間的來回時間，依其 RTCP。',
  'Reliable provisional responses with it (RFC 3262). `supported` unless given.':
    '與它使用可靠的暫時回應（RFC 3262）。未設定則為 `supported`。',
  'How many early dialogs a call of its own may have: where the far side forks, one for each. 20 unless given.':
    '單一通話可有多少個早期對話：遠端分叉時每一路一個。未設定則為 20。',
  'Who lets a caller of this trunk hear that it rings (RFC 3960): the `far` side where it sends media; always his `phone`; or we by a `tone` where nobody sends media. `far` unless given.':
    '由誰讓此中繼線的主叫聽到響鈴（RFC 3960）：有媒體時由對方（`far`）；一律由其話機（`phone`）；或沒有人送媒體時由本系統送音（`tone`）。未設定則為 `far`。',
  'With `ringback: tone`: the country whose tone he hears. `media.ringback-tone` unless given.':
    '搭配 `ringback: tone`：主叫聽到哪個國家的回鈴音。未設定則為 `media.ringback-tone`。',
  'How it is found out that a peer is gone in the middle of a call (RFC 4028). `answer` unless given.':
    '通話中如何發現對端已不在（RFC 4028）。未設定則為 `answer`。',
  "`off`: none, and a peer's is not taken up. `answer`: where it asks. `offer`: we ask for one.":
    '`off`：不使用，也不採納對端的要求。`answer`：對端要求時使用。`offer`：由本系統提出。',
  'The interval that is offered, and the longest that is agreed on.': '提出的間隔，也是可同意的最長間隔。',
  'The shortest interval that is taken; less gets 422.': '可接受的最短間隔；更短者收到 422。',
  'Who is to refresh, where that is ours to say.': '可由本系統指定時，由誰更新。',
  'What our refreshes are: `either` is UPDATE where the peer takes it, else a re-INVITE.':
    '本系統以什麼更新：`either` 表示對端支援時用 UPDATE，否則用 re-INVITE。',
  'What becomes of calls that it sends elsewhere.': '它要求轉往他處的通話如何處理。',
  'A transfer that it asks for (REFER) is carried out by us (`local`), goes on to the other side (`passed`), or is `refused`. `local` unless given, and `passed` where media is not anchored.':
    '它要求的轉接（REFER）由本系統執行（`local`）、轉給另一側（`passed`），或拒絕（`refused`）。未設定則為 `local`；媒體不經過本系統時為 `passed`。',
  'A redirection (3xx) of it is followed by our routes (`local`), or counts as a refusal.':
    '它的重新導向（3xx）由本系統的路由處理（`local`），或視為拒絕。',
  'Who calls: what is believed of it, and how it is told.': '主叫身分：相信什麼，以及如何告知。',
  'Whether it is believed who it says that calls, and told who wants to stay private (RFC 3325). `false` for an itsp, `true` for the others, unless given.':
    '是否相信它所說的主叫，以及是否告知它要求隱私的主叫（RFC 3325）。未設定時，itsp 為 `false`，其他為 `true`。',
  'Where the caller is named to it beside From.': '除 From 外，在哪個標頭告知它主叫。',
  'How it is told that a call was forwarded.': '如何告知通話曾被轉接。',
  'A caller who wants to stay private is named to it beside From with Privacy (`header`, of a trusted trunk), or not at all (`anonymous`). `header` unless given.':
    '要求隱私的主叫，除 From 外以 Privacy 告知它（`header`，僅限受信任的中繼線），或完全不告知（`anonymous`）。未設定則為 `header`。',
  'Rules that change messages from and to it, in order; those of its profile come before. None unless given.':
    '更改與它往來之訊息的規則，依序；範本的規則在前。未設定則沒有。',
  'What it is called in the decision trace.': '路由說明中的名稱。',
  '`in`: what comes from the trunk, before anything is made of it. `out`: what goes there, last of all.':
    '`in`：來自中繼線的訊息，最先處理。`out`：送往中繼線的訊息，最後處理。',
  'Requests of these, and responses to them. Any unless given.': '這些方法的請求與其回應。未設定則為任何方法。',
  'Both unless given.': '未設定則兩者皆是。',
  'Responses of these alone.': '僅限這些狀態碼的回應。',
  'What may begin a dialog (the first INVITE), or what stands in one (a re-INVITE). Both unless given.':
    '可開啟對話者（第一個 INVITE），或對話之內者（re-INVITE）。未設定則兩者皆是。',
  'Of calls that come from the trunk, or go there. All unless given.':
    '來自此中繼線的通話，或送往它的通話。未設定則為全部。',
  'What has to hold besides: all of it.': '另外須成立的條件：全部都須成立。',
  'What is looked at: a header field, a part of one, `method`, `status`, `caller`, `called`, `codec`, `media`, `body-type`, `sdp`.':
    '檢視的項目：標頭欄位、其中一部分、`method`、`status`、`caller`、`called`、`codec`、`media`、`body-type`、`sdp`。',
  'Whether it is there.': '是否存在。',
  'One of its values matches this.': '其中一個值符合此樣式。',
  'None of its values matches this.': '沒有任何值符合此樣式。',
  'What is done, one after the other.': '要做的事，逐一進行。',
  'One more header field, with `value`.': '再加一個標頭欄位，內容為 `value`。',
  'In place of what there is, `value`.': '以 `value` 取代現有內容。',
  'Takes it away; with `matching`, values that match. `X-*`: all that begin so.':
    '移除它；搭配 `matching` 時只移除符合的值。`X-*`：所有以此開頭者。',
  'What `matching` takes of its values becomes `with`.': '其值中符合 `matching` 的部分改為 `with`。',
  'Its value goes to `to`.': '將它的值複製到 `to`。',
  'A line of SDP, a= or b=.': '加一行 SDP（a= 或 b=）。',
  'Lines of SDP that match go.': '移除符合的 SDP 行。',
  'What this takes of lines of SDP becomes `with`.': 'SDP 行中符合此樣式的部分改為 `with`。',
  'A response gets this status, where it is of the same class.': '回應改為此狀態碼，須為同一類別。',
  'With `add` and `set`.': '搭配 `add` 與 `set`。',
  'With `copy`.': '搭配 `copy`。',
  'With `remove` and `replace`.': '搭配 `remove` 與 `replace`。',
  'With `replace` and `sdp-replace`.': '搭配 `replace` 與 `sdp-replace`。',
  'With the steps of SDP: of this media type alone, or of the `session`.':
    '搭配 SDP 的步驟：僅限此媒體類型，或 `session`。',
  'With `status`; the usual one unless given.': '搭配 `status`；未設定則為一般的說明。',
  'No call is offered to it and none taken from it (503), but for test calls and calls for help: `true`, or `until` a time. It stays registered and watched.':
    '除測試通話與緊急通話外，不送往它，也不接受它的通話（503）：`true`，或 `until` 加時間。註冊與監測仍持續。',
  'The capability profile it is checked against: a name in `profiles`, or a file.':
    '用來檢查它的能力範本：`profiles` 中的名稱，或檔案。',
  'What it may carry. A call beyond goes to the next trunk of the route, or gets 503; a message or subscription 480.':
    '它的承載量。超出的通話改走路由的下一條中繼線，或收到 503；訊息或訂閱收到 480。',
  'Calls at once, both directions together; no limit unless given.': '同時通話數，雙向合計；未設定則無上限。',
  'New calls in any second, both directions together; no limit unless given.':
    '每秒新通話數，雙向合計；未設定則無上限。',
  'Requests beside calls (`passes`) in any second, both directions together; 100 unless given.':
    '每秒的通話以外請求（`passes`），雙向合計；未設定則為 100。',
  'Subscriptions at once that pass to or from it; 10000 unless given.': '與它往來的同時訂閱數；未設定則為 10000。',
  'How long the peer may stay silent, or say only 100 Trying, before the next address or trunk is tried.':
    '對端可沉默或只回 100 Trying 多久，之後嘗試下一個位址或中繼線。',
  'How long it may ring, from the first 18x to the answer.': '可響鈴多久，從第一個 18x 到接聽。',
  'What holds for trunks that say nothing else.': '中繼線本身未設定時採用的值。',
};
