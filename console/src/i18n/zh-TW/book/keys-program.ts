// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${NAME}` is what the configuration file says, not a template.
import type { Book } from '../../said/book.ts';

/** What the keys of the whole file mean, and those of the program, emergency calls and planning. */
export const programKeys: Book = {
  'The configuration of a Tandem trunking system.': 'Tandem 中繼系統的設定。',
  'The addresses that we take SIP on.': '本系統接收 SIP 的位址。',
  'The peers that calls come from and go to.': '通話來往的對端。',
  'What holds for all trunks. A trunk itself comes first, then the `trunk-defaults` of its site, then these: key by key, within maps as well, while a list is taken whole.':
    '對所有中繼線有效的設定。中繼線本身的設定優先，其次是其據點的 `trunk-defaults`，最後是這裡：逐項比較，對應表之內亦然；清單則整份採用。',
  'Trunks that routes name as one.': '路由中視為一體的多條中繼線。',
  'Which calls go where. The first route that fits a call decides.': '哪些通話往哪裡去。由第一條符合的路由決定。',
  'The places of the organisation.': '組織的各個據點。',
  'What joins regions, or sites directly.': '連接區域，或直接連接據點的線路。',
  'The processes that share this configuration, each with its own part: `tandem run FILE --node NAME`.':
    '共用此設定的各個程序，各有其負責的部分：`tandem run FILE --node NAME`。',
  'Nodes that are the same to everybody.': '對外完全等同的節點。',
  'How what is dialled becomes a number that routes know.': '所撥號碼如何轉為路由認得的號碼。',
  'What somebody may call, and do.': '可以撥打什麼、可以做什麼。',
  'Who registers here or has a number here.': '在此註冊，或在此擁有號碼的人。',
  'The users, one by one.': '逐一列出的使用者。',
  'More of them as CSV, the first line names the columns: `name`, `display-name`, `line`, `numbers` (with spaces between), `site`, `location`, `password`, `password-file`, `dial-plan`, `policy`, `devices`, `srtp`, `dtmf`, `watchers` (with spaces between), `calls` (at once), `forward-always`, `forward-busy`, `forward-no-answer`, `forward-after`, `forward-unregistered`, `forward-together`, `hidden`.':
    '更多使用者，以 CSV 檔提供，第一行為欄位名稱：`name`、`display-name`、`line`、`numbers`（以空格分隔）、`site`、`location`、`password`、`password-file`、`dial-plan`、`policy`、`devices`、`srtp`、`dtmf`、`watchers`（以空格分隔）、`calls`（同時通話數）、`forward-always`、`forward-busy`、`forward-no-answer`、`forward-after`、`forward-unregistered`、`forward-together`、`hidden`。',
  'How devices register; none can unless given.': '裝置如何註冊；未設定則無法註冊。',
  'Who outside is asked where calls go; nobody unless given.': '向外部查詢通話去向的對象；未設定則不查詢。',
  'Calls that are looked at whenever the configuration is, and what must come of each.':
    '每次檢查設定時都會試算的通話，以及各自應有的結果。',
  'What `tandem plan` reckons with.': '`tandem plan` 的計算依據。',
  'What a request from an address that no trunk names gets: `refuse`, a 403; `ignore`, nothing. It is counted either way.':
    '來自不屬於任何中繼線之位址的請求如何處理：`refuse` 回覆 403；`ignore` 不回應。兩者都會計數。',
  'How people and programs reach the API and the console: at 127.0.0.1:8080 where this is given, and by nothing but the Unix socket `api.sock` in `records.path` unless it is.':
    '人員與程式如何連到 API 與主控台：有此設定時為 127.0.0.1:8080；未設定時僅能經由 `records.path` 中的 Unix socket `api.sock`。',
  'Where it is told, to anybody who asks, whether the program lives and takes calls: for load balancers and orchestrators (docs/management.md). At the Unix socket `health.sock` in `records.path` in any case, and nowhere else unless given.':
    '在哪裡告知任何詢問者程式是否存活、是否接受通話：供負載平衡器與編排系統使用（docs/management.md）。`records.path` 中的 Unix socket `health.sock` 一律提供，其他位置須在此設定。',
  'What is kept of calls beyond memory, and who outside is told of them: nothing and nobody unless given (docs/traces.md).':
    '除記憶體外保留通話的哪些內容，以及通知外部的哪些對象：未設定則都沒有（docs/traces.md）。',
  'An address that we take SIP on.': '本系統接收 SIP 的一個位址。',
  'What logs and counters call it.': '日誌與計數器中的名稱。',
  'Which trunks it serves: those inside the organisation, those outside, or both.':
    '服務哪些中繼線：組織內部的、外部的，或兩者。',
  'The address to listen on; port 5060 unless one is given, or 5061 where `tls` is the only transport. IPv6 is written "[2001:db8::5]:5060". An IPv6 listener takes no IPv4.':
    '監聽的位址；未指定連接埠時為 5060，若 `tls` 是唯一的傳輸協定則為 5061。IPv6 寫成 "[2001:db8::5]:5060"。IPv6 監聽位址不接收 IPv4。',
  'What Via and Contact say, where peers reach us at another address (behind NAT) or want a name (sbc.example.com:5061). `bind` unless given; to be given when `bind` is 0.0.0.0 or [::].':
    '對端須經由另一位址（位於 NAT 之後）連到本系統，或需要名稱（sbc.example.com:5061）時，Via 與 Contact 所寫的內容。未設定則為 `bind`；`bind` 為 0.0.0.0 或 [::] 時必須設定。',
  'The transports to listen on. `tcp` and `tls` take a port each: two listeners.':
    '監聽的傳輸協定。`tcp` 與 `tls` 各需一個連接埠：須分為兩個監聽位址。',
  'The certificate of the transport `tls`, compulsory with it. Calls to trunks without a certificate of their own show it too. Both files are read again when they change.':
    '傳輸協定 `tls` 所用的憑證，使用它時必須設定。撥往沒有自己憑證之中繼線的通話也會出示它。兩個檔案變更時會重新讀取。',
  'PEM: the certificate that is shown, and behind it those that lead to its root.':
    'PEM：出示的憑證，其後接上通往根憑證的各級憑證。',
  'PEM: its private key, without a passphrase.': 'PEM：其私密金鑰，不得有通行片語。',
  'What is asked of those who connect. `required` turns away whoever shows no certificate that some trunk trusts.':
    '對連入者的要求。`required` 會拒絕未出示任何中繼線所信任之憑證者。',
  'The lowest version of TLS that is spoken.': '可使用的最低 TLS 版本。',
  'Calls for help.': '緊急通話。',
  'The numbers that call for help, where neither the site nor its country has its own. They come before every rule, limit and ban.':
    '緊急號碼，用於據點與其國家都沒有自訂時。優先於所有規則、上限與封鎖。',
  'Numbers to try it with, 933 for one: who calls them is told what would become of a call for help.':
    '用來試撥的號碼，例如 933：撥打者會得知緊急通話的結果。',
  'The trunks and groups that they take, in order, after those of the site of the caller and of its country.':
    '使用的中繼線與群組，依序，在主叫的據點與其國家之後。',
  'The number of people who ask where the caller is, for calls whose place is not known.':
    '詢問主叫位置之人員的號碼，用於地點不明的通話。',
  'Where help can be sent to.': '可請求救援前往的地點。',
  'What sites and subnets call it.': '據點與網段對它的稱呼。',
  'The address, by the elements of RFC 5139.': '地址，依 RFC 5139 的欄位。',
  'Its country (ISO 3166).': '國家（ISO 3166）。',
  'State or province.': '州或省。',
  'County.': '縣。',
  'City.': '市。',
  'Borough.': '區。',
  'Neighbourhood.': '鄰里。',
  'Group of streets.': '街道群。',
  'Road pre-modifier.': '道路前置修飾語。',
  'Leading direction of the street.': '街道的前置方位。',
  'Street.': '街道。',
  'Suffix of the street.': '街道類型後綴。',
  'Trailing direction of the street.': '街道的後置方位。',
  'Road post-modifier.': '道路後置修飾語。',
  'Road section.': '路段。',
  'Road branch.': '支路。',
  'Road sub-branch.': '次支路。',
  'House number.': '門牌號碼。',
  'Suffix of the house number.': '門牌號碼的後綴。',
  'Landmark.': '地標。',
  'More about where it is.': '位置的補充說明。',
  'Floor.': '樓層。',
  'Who lives or works there.': '住戶或單位名稱。',
  'Postal code.': '郵遞區號。',
  'Building.': '建築物。',
  'Unit or flat.': '單位或室。',
  'Room.': '房間。',
  'Desk.': '座位。',
  'Kind of place.': '地點種類。',
  'Postal community.': '郵政區名稱。',
  'Post office box.': '郵政信箱。',
  'Additional code.': '附加代碼。',
  'The numbers that callers here are known by (ELIN).': '代表此處主叫的號碼（ELIN）。',
  'What holds at the sites of a country, where they do not say it themselves.': '某一國家的據點未自行設定時採用的值。',
  'Which (ISO 3166): the `country` of sites.': '國家（ISO 3166）：據點的 `country`。',
  'The trunks and groups that they take there, after those of the site.': '該國使用的中繼線與群組，在據點的之後。',
  'The numbers that call for help at its sites, instead of those that hold for more.':
    '該國據點的緊急號碼，取代適用範圍更廣者。',
  'Who hears of a call for help. It never waits for them.': '誰會得知有緊急通話。通話從不等候這些通知。',
  'Servers that are asked for the place that a call tells by reference (RFC 6753), for trunks with `emergency: location-value`.':
    '通話以參照告知地點時查詢的伺服器（RFC 6753），用於 `emergency: location-value` 的中繼線。',
  'Which, with the port where it is not the usual one. No other is asked, whatever calls say.':
    '哪些主機，連接埠非一般值時一併寫出。無論通話怎麼說，都不會查詢其他主機。',
  'How long a call for help waits for an answer, at most.': '緊急通話最多等候回覆多久。',
  'Whose certificates are believed, `system`, the roots of this machine, unless given, and PEM files of others.':
    '信任哪些憑證；未設定則為 `system`（本機的根憑證），另可指定 PEM 檔。',
  'How long a call back to an ELIN finds who called.': '回撥 ELIN 在多長時間內能找到原來的主叫。',
  'A call that is looked at whenever the configuration is.': '每次檢查設定時都會試算的通話。',
  'What the outcome is told under.': '顯示結果時的名稱。',
  'The trunk that it comes by, or the user who calls.': '來自哪條中繼線，或哪位使用者撥號。',
  'Who calls, where `from` is a trunk.': '主叫，用於 `from` 為中繼線時。',
  'What is dialled.': '所撥的號碼。',
  'When; whatever the time unless given.': '何時；未設定則不論時間。',
  'What must come of it.': '應有的結果。',
  'The number as routes see it.': '路由所見的號碼。',
  'The first route that takes it.': '第一條處理它的路由。',
  'The trunks that are tried, in order.': '依序嘗試的中繼線。',
  'Whose number it is.': '號碼屬於誰。',
  'The status that it is refused with.': '拒絕它的狀態碼。',
  'What `tandem plan` reckons with (docs/planning.md). No call depends on it.':
    '`tandem plan` 的計算依據（docs/planning.md）。不影響任何通話。',
  'How much users call outside in the busy hour: once (`light`), twice or three times (`heavy`).':
    '使用者在忙時對外通話的次數：一次（`light`）、兩次或三次（`heavy`）。',
  'How long a call lasts on average.': '每通通話的平均時間。',
  'How many calls may find no line.': '允許多少通話找不到線路。',
  'By how much traffic will have grown.': '預估話務量成長多少。',
  'In which calls are spoken, by its name in SDP.': '通話使用的編解碼器，依其在 SDP 中的名稱。',
  'How much of a call a packet carries.': '每個封包承載多長的通話。',
  'Media is encrypted.': '媒體加密。',
  'What calls run through; nothing unless given.': '通話經由什麼傳送；未設定則沒有隧道。',
  'What all prices are in.': '所有價格的幣別。',
  'What is known of sites beside their settings.': '除據點設定外，對各據點所知的資料。',
  'Which.': '哪個據點。',
  'How many; as many of `users` as are there unless given.': '人數；未設定則為該處的 `users` 數。',
  'How much they call.': '通話量多寡。',
  'How long a call of theirs lasts on average.': '每通通話的平均時間。',
  'What its calls run through.': '其通話經由什麼傳送。',
  'Outages, or who listens, would cost dear.': '中斷或遭竊聽的代價很高。',
  'Presence and conferences must go on there when its link is gone, and not calls alone.':
    '連線中斷時，除通話外，線上狀態與會議也須維持。',
  'What one Mbit/s of its link to the centre costs a month.': '通往中心據點的連線，每 Mbit/s 的月費。',
  'Where it calls. With `--records` those tell it.': '通話的地區。使用 `--records` 時由紀錄得知。',
  'How numbers there begin.': '該地區號碼的開頭。',
  'How long it talks to them, a month.': '每月與該地區通話多久。',
  'What its calls by the centre cost; the `rates` of the trunks there unless given.':
    '經由中心據點通話的費用；未設定則依該處中繼線的 `rates`。',
  'Lines, equipment and fees, a month.': '線路、設備與規費，每月。',
  'What minutes cost; those that none fits are not known.': '每分鐘費用；沒有費率符合者視為未知。',
  'What a trunk of its own would cost.': '自有中繼線的費用。',
  'What a gateway of its own would cost.': '自有閘道器的費用。',
  'People who answer calls in turn.': '輪流接聽通話的一群人員。',
  'What the plan calls it.': '報告中的名稱。',
  'Where its people are.': '人員所在之處。',
  'In its busy hour.': '忙時的通話數。',
  'How long a call keeps one of its people busy.': '每通通話占用人員多久。',
  'How soon calls are to be answered.': '應在多久內接聽。',
  'How many of them.': '其中多少比例。',
  'Where RTP goes.': 'RTP 往何處。',
  '`anchor`: RTP passes through us. `bypass`: SDP is passed on as it came, and the parties send RTP to each other.':
    '`anchor`：RTP 經過本系統。`bypass`：SDP 照原樣轉送，雙方直接互送 RTP。',
  'With `anchor`: calls between two well connected ends go past us, where both have `media-bypass` and need nothing of us. None do unless given.':
    '搭配 `anchor`：兩端網路良好的通話可不經過本系統，條件是兩端都有 `media-bypass` 且不需要本系統做任何處理。未設定則都經過。',
  'Who is well connected. `sites`: ends with the same bypass ID, which their regions, sites and links give. `always`: all ends; not where links have a `bandwidth`.':
    '誰算網路良好。`sites`：兩端具有相同的直通識別，由其區域、據點與連線決定。`always`：所有端點；連線設有 `bandwidth` 時不可使用。',
  'With `sites`: what is at no site has an ID in common as well.': '搭配 `sites`：不在任何據點者也視為具有共同的識別。',
  'The site where RTP passes through us: calls then take the links from there to both of their ends. Unless given they take those between their ends.':
    'RTP 經過本系統之處所屬的據點：通話占用由此到兩端的連線。未設定則占用兩端之間的連線。',
  'UDP ports for RTP and RTCP, both ends included. A call with one audio stream takes two on each side.':
    'RTP 與 RTCP 的 UDP 連接埠，含首尾。含一個語音串流的通話在每側使用兩個。',
  'How long an answered call that is not on hold may be without any RTP and RTCP before both parties are asked whether they are still there: it is ended when one is not. `never` to let it be.':
    '已接通且未保留的通話，完全沒有 RTP 與 RTCP 多久後，詢問雙方是否仍在：有一方不在即結束。`never` 表示不處理。',
  'How long it may be so although both are there. `never`: for as long as they are.':
    '雙方都在時，最多可如此多久。`never`：只要雙方都在就不限。',
  'The country (ISO 3166) whose ringing tone callers hear of us on trunks with `ringback: tone`; `itu`: 425 Hz, one second in five (ITU-T E.180).':
    '`ringback: tone` 的中繼線，主叫聽到哪個國家（ISO 3166）的回鈴音；`itu`：425 Hz，每五秒響一秒（ITU-T E.180）。',
  'Where call records are kept, and for how long.': '通話紀錄存放之處與保存期限。',
  'How long the record of a call is kept after its end; what is older is deleted, with what was measured and reported of it. `never` lets none go.':
    '通話結束後其紀錄保存多久；更舊的紀錄連同其量測值與回報一併刪除。`never` 則全部保留。',
  'The directory of call records and of the state that outlives a restart. Created if missing; relative to the directory tandem is started in. Where the environment has `TANDEM_DATA`, that is the default.':
    '通話紀錄，以及重新啟動後須保留之狀態的目錄。不存在時會建立；相對於啟動 tandem 的目錄。環境變數 `TANDEM_DATA` 有值時，以它為預設值。',
  'How people and programs reach the API and the console.': '人員與程式如何連到 API 與主控台。',
  'Where the API and the console are; port 8080 unless one is given.': 'API 與主控台的位置；未指定連接埠時為 8080。',
  'HTTPS by a certificate of our own. Both files are read again when they change.':
    '以自有憑證提供 HTTPS。兩個檔案變更時會重新讀取。',
  'The proxies that speak HTTPS for us: who asks, and how, is what they say (`X-Forwarded-For`, `-Proto`, `-Host`). Without `tls` nobody else on the network is served.':
    '代為提供 HTTPS 的代理伺服器：由它們告知詢問者是誰與如何詢問（`X-Forwarded-For`、`-Proto`、`-Host`）。沒有 `tls` 時，網路上的其他來源一律不服務。',
  'What a browser calls us: `https://tandem.example.com`. `listen` unless given; compulsory with `oidc`.':
    '瀏覽器連到本系統所用的網址：`https://tandem.example.com`。未設定則為 `listen`；使用 `oidc` 時必須設定。',
  'The metrics at `/metrics` (docs/metrics.md). Unless given they are for who may look at everything.':
    '`/metrics` 的量測值（docs/metrics.md）。未設定則供可檢視一切者讀取。',
  'Who is there may read them without a token: where Prometheus is. Behind a proxy it is who asks the proxy.':
    '位於此處者不需權杖即可讀取：Prometheus 所在之處。經由代理伺服器時，以詢問代理伺服器者為準。',
  'How long who signed in by a browser stays so.': '以瀏覽器登入者可維持登入多久。',
  'Without a request for this long a session ends.': '超過此時間沒有請求即結束登入。',
  'After this long it ends in any case.': '無論如何，超過此時間即結束登入。',
  'What programs prove themselves by.': '程式用來證明身分的權杖。',
  'How long an API token may live at most.': 'API 權杖的最長有效時間。',
  'What is kept of the audit log. What is let go is told in it, and what stays can be verified as before.':
    '稽核紀錄保留的範圍。刪除的部分會記載於其中，留下的仍可照樣驗證。',
  'For how long; `never` lets none go.': '保留多久；`never` 表示全部保留。',
  'How many at most, the newest; a row takes some 500 octets.': '最多幾列，保留最新者；每列約 500 位元組。',
  'Signing in at a provider of OpenID Connect, beside passwords.': '除密碼外，可在 OpenID Connect 提供者登入。',
  'The provider, as its tokens name it.': '提供者，依其權杖所載的名稱。',
  'What it calls us.': '它對本系統的稱呼。',
  'What we prove that with; better from a variable or from `client-secret-file`.':
    '用來證明身分的密鑰；最好取自變數或 `client-secret-file`。',
  'The file that holds the secret and nothing else.': '只含密鑰的檔案。',
  'The claim that tells what somebody may do: a text, or a list of them.':
    '說明某人權限的宣告（claim）：文字，或文字的清單。',
  'What is asked for; some providers want one for the claim.':
    '要求的範圍（scope）；有些提供者需要其中之一才會提供該宣告。',
  'What comes of the claim; the first that fits counts. Whom none fits may not sign in.':
    '宣告對應的權限；以第一個符合者為準。都不符合者不得登入。',
  'What the claim is, or holds.': '宣告的值，或其中所含的值。',
  'What he may do who has it.': '具有它的人可以做什麼。',
  'The sites that he sees and changes; all unless given.': '可檢視與變更的據點；未設定則為全部。',
  'Where it is told whether the program lives and takes calls.': '在哪裡告知程式是否存活、是否接受通話。',
  '`/healthz` and `/readyz` by HTTP, in clear; port 8081 unless one is given. Nothing else is told there.':
    '以 HTTP 明文提供 `/healthz` 與 `/readyz`；未指定連接埠時為 8081。該處不提供其他內容。',
  'What is kept of calls beyond memory, and who outside is told of them.':
    '除記憶體外保留通話的哪些內容，以及通知外部的哪些對象。',
  'Of which calls the SIP messages are kept on the disk when they end, without secrets; of none unless given. A call is kept that one entry fits.':
    '哪些通話結束時將 SIP 訊息存入磁碟，不含機密；未設定則都不存。符合任一項的通話即保留。',
  '`failed`: those that ended otherwise than by a choice of who took part (they hung up, gave up, were busy, did not answer), or of which a try did.':
    '`failed`：並非因通話方的選擇（掛斷、放棄、忙線、不接聽）而結束者，或其中有一次嘗試如此者。',
  'Only those with a side on it.': '僅限有一側經由此中繼線者。',
  'Only those of this caller or to this number, as it came or as a trunk got it; `"+49*"` takes a beginning.':
    '僅限此主叫或此號碼，不論是進來時或送往中繼線時的樣子；`"+49*"` 表示開頭。',
  'How long they are kept.': '保留多久。',
  'What they may take; beyond it the oldest go.': '可占用多少空間；超過時刪除最舊的。',
  'Whether the keys that people pressed (PINs among them) can be read: in INFO of all that is shown, kept and sent elsewhere, and in copies of media that were asked for with them.':
    '是否可讀取使用者按下的按鍵（包括密碼）：出現在顯示、保留與送往他處的 INFO 中，以及申請時一併要求的媒體複本中。',
  'That the media of single calls may be copied to the disk, decrypted, for Wireshark; nobody may unless this is given. Each copy is asked for with a reason, and is in the audit log and in the record of the call.':
    '可將單一通話的媒體解密後複製到磁碟，供 Wireshark 使用；未設定則無人可以。每份複本都須說明理由，並記載於稽核紀錄與該通話的紀錄中。',
  'Who may: accounts, and tokens as `account/token`, operators at least. All administrators unless given.':
    '誰可以：帳號，或以 `account/token` 表示的權杖，至少須為操作員。未設定則為所有管理員。',
  'Only of calls with a side on one of these trunks.': '僅限有一側經由這些中繼線之一的通話。',
  'Only of calls from one of these sites or with a side there; with `trunks`, either will do.':
    '僅限來自這些據點之一，或有一側在該處的通話；與 `trunks` 並用時，符合其一即可。',
  'The most that one copy may last.': '單份複本的最長時間。',
  'The most that one copy may take.': '單份複本的最大容量。',
  'How long copies are kept.': '複本保留多久。',
  'A Homer (HEP version 3) that each SIP message of every call is sent to, without secrets.':
    '接收每通通話所有 SIP 訊息的 Homer（HEP 第 3 版），不含機密。',
  'Where its capture server listens; port 9060 unless one is given.': '其擷取伺服器的位置；未指定連接埠時為 9060。',
  'How it is spoken to.': '以何種傳輸協定送往它。',
  'What it knows us by.': '它對本系統的識別碼。',
  'A collector of OpenTelemetry that a span of every call, and of each of its tries, is sent to.':
    '接收每通通話及其每次嘗試之 span 的 OpenTelemetry 收集器。',
  'Where it takes traces by HTTP: `https://collector.example.com:4318/v1/traces`.':
    '以 HTTP 接收追蹤資料的位置：`https://collector.example.com:4318/v1/traces`。',
  'What is sent as Authorization; better from a variable.': '以 Authorization 送出的內容；最好取自變數。',
  'How unwanted traffic is met.': '如何應付不受歡迎的流量。',
  'What a source that is no trunk may send before it is banned.': '非中繼線的來源在遭封鎖前可送出多少請求。',
  'How long a first ban lasts; each further one twice as long, up to a day.':
    '第一次封鎖多久；之後每次加倍，最多一天。',
  'Words in User-Agent, From, To or Request-URI that scanners are known by, beside those we know.':
    '除已知者外，用來辨認掃描程式的字詞，出現於 User-Agent、From、To 或 Request-URI。',
  'Sources that are never banned, beside the trunks.': '除中繼線外，永不封鎖的來源。',
  'Where names are looked up.': '查詢名稱之處。',
  "The servers to ask, in order, at port 53 unless one is given; the system's unless given.":
    '依序查詢的伺服器，未指定連接埠時為 53；未設定則為系統的伺服器。',
  'How long one question may take, all servers together.': '單一查詢最多可花多久，所有伺服器合計。',
  'Timers and texts of the SIP stack.': 'SIP 堆疊的計時器與文字。',
  'The round-trip time estimate (RFC 3261 17.1.1.1).': '來回時間的估計值（RFC 3261 17.1.1.1）。',
  'The longest pause between retransmissions.': '重送之間的最長間隔。',
  'The longest time a message stays in the network.': '訊息留在網路中的最長時間。',
  'Sent as User-Agent and Server; nothing is sent unless given.': '以 User-Agent 與 Server 送出的內容；未設定則不送。',
  'Takes an environment variable: ${NAME} or ${NAME:-default}.': '可使用環境變數：${NAME} 或 ${NAME:-default}。',
};
