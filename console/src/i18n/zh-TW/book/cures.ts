// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${NAME}` is what the configuration file says, not a template.
import type { Book } from '../../said/book.ts';

/** What to do about what is wrong in a configuration, by its code. */
export const cures: Book = {
  'Anchor media, or leave the key out.': '請讓媒體經過本系統，或移除此項目。',
  'Add a codec, such as PCMA.': '請加上編解碼器，例如 PCMA。',
  'Make `expires` at least as long as `minimum`.': '請使 `expires` 不短於 `minimum`。',
  'Change the rule as it says; docs/manipulation.md has all that rules can do.':
    '請依說明修改規則；docs/manipulation.md 載有規則可做的一切。',
  'Put the rule that is for fewer numbers first, or remove it.': '請將適用號碼較少的規則放在前面，或移除它。',
  'Ask it by `https`, with `trust` where its certificate is of your own authority.':
    '請以 `https` 查詢；憑證由自有的授權單位簽發時，請搭配 `trust`。',
  'Say `resilient: true` where the link is doubled, or give it a `survivability` of its own.':
    '連線有備援時請設為 `resilient: true`，或為它設定 `survivability`。',
  'Add a trunk that ends at a site in this country.': '請新增終止於該國某據點的中繼線。',
  'Give it usages whose routes lead inside only.': '請只給它通往內部之路由的類別。',
  'Correct the number.': '請更正號碼。',
  'Have dial plans of sites make whole numbers of extensions, or give one of them another.':
    '請由據點的撥號計畫將分機轉為完整號碼，或為其中之一改用其他分機。',
  'Make sure that this is meant, or part the wider network.': '請確認這是您要的，或將較大的網段拆開。',
  'Write .* where anything may follow or come before, else both anchors or none; use `prefix` for how a number begins.':
    '前後可有任何內容時請寫 .*，否則請同時寫或同時不寫兩個錨點；號碼開頭請用 `prefix`。',
  'Correct the file, or what is expected; `tandem route test --samples` shows every rule that was tried.':
    '請更正檔案或預期結果；`tandem route test --samples` 會顯示嘗試過的所有規則。',
  'Use another number, or tell people; or make it one of the `masks` of a number of help here.':
    '請改用其他號碼，或告知使用者；也可將它列入此處緊急號碼的 `masks`。',
  'Give it the `site` of the branch, or join it to listeners of the other site.':
    '請將 `site` 設為該分支，或讓它使用另一據點的監聽位址。',
  'Move it up, or remove it.': '請將它上移，或移除。',
  'Add a route for it, or remove it.': '請為它新增路由，或移除它。',
  'Give the side a media address of the IP version of its trunks.': '請為該側設定與其中繼線相同 IP 版本的媒體位址。',
  'Bind to, or advertise, an address that the trunk can reach.': '請綁定或公布此中繼線可以連到的位址。',
  'Widen `media.ports`, or lower the capacity.': '請擴大 `media.ports`，或降低容量。',
  'Advertise a name that the certificate bears, or have one made that bears this name.':
    '請公布憑證所含的名稱，或申請含有此名稱的憑證。',
  'Make sure that the provider sends calls to the registered Contact.': '請確認業者將通話送往已註冊的 Contact。',
  'Leave `dscp.media` out, which marks voice as EF (46), or give the mark that the network goes by.':
    '請移除 `dscp.media`（即以 EF（46）標記語音），或填入網路所用的標記。',
  'Say `transport: tls`, or `keys-in-clear: true` where the way is protected otherwise.':
    '請設為 `transport: tls`；若途中另有保護，請設為 `keys-in-clear: true`。',
  'Have it renewed; the new one is read without a restart.': '請更新憑證；不需重新啟動即會讀取新的憑證。',
  'Take the permission away: chmod o-r, or 0600.': '請移除該權限：chmod o-r，或 0600。',
  'Name it on the other trunk as well, or leave it out.': '請在另一條中繼線也列出它，或移除它。',
  'Check the path and the permissions of the file and its directories.': '請檢查檔案與其目錄的路徑和權限。',
  'Correct the line: look for a missing colon, quote or bracket, and for indentation that does not line up.':
    '請更正此行：檢查是否缺少冒號、引號或括號，以及縮排是否對齊。',
  'Remove one of the two, or make them one.': '請移除其中之一，或合併為一。',
  'Begin with one of the examples: a configuration has at least listeners, trunks and routes.':
    '請從範例開始：設定至少須有 listeners、trunks 與 routes。',
  'Write one plain document of keys, lists and values.': '請寫成一份只含項目、清單與值的文件。',
  'Set the variable, or give a default: ${NAME:-default}.': '請設定此變數，或給它預設值：${NAME:-default}。',
  'Write ${NAME} or ${NAME:-default}; for a literal ${ write $${.':
    '請寫 ${NAME} 或 ${NAME:-default}；要表示 ${ 本身請寫 $${。',
  'Write 500MB, or 1GB.': '請寫 500MB 或 1GB。',
  'Give `tls`, or name the proxy that speaks HTTPS in `behind-proxy`; or listen at 127.0.0.1.':
    '請設定 `tls`，或在 `behind-proxy` 指定提供 HTTPS 的代理伺服器；或監聽 127.0.0.1。',
  'Write what a browser is to call us: a scheme, a host and a port, no path.':
    '請寫瀏覽器連到本系統所用的網址：協定、主機與連接埠，不含路徑。',
  'Give `url`, and register `/api/v1/oidc/callback` below it at the provider.':
    '請設定 `url`，並在提供者登記其下的 `/api/v1/oidc/callback`。',
  'Write its `https` address.': '請寫它的 `https` 網址。',
  'Check the path, which is relative to the directory that tandem is started in, and the permissions.':
    '請檢查路徑（相對於啟動 tandem 的目錄）與權限。',
  'Name the file of the certificate; one in DER is changed into PEM by `openssl x509 -inform der`.':
    '請指定憑證檔；DER 格式可用 `openssl x509 -inform der` 轉為 PEM。',
  'Name the file of the private key.': '請指定私密金鑰檔。',
  'Name the key that the certificate was asked for with.': '請指定申請此憑證時所用的金鑰。',
  'Write the password into it, alone.': '請只在其中寫入密碼。',
  'Name one of the profiles, or a file: ./itsp-a.yaml.': '請指定其中一個範本，或檔案：./itsp-a.yaml。',
  'Correct the file; docs/profiles.md has every field.': '請更正檔案；docs/profiles.md 載有所有欄位。',
  'Correct the line; empty ones, and those that begin with "# ", do not count.':
    '請更正此行；空白行與以 "# " 開頭的行不計。',
  'Give the node an internal listener, or name one as its `link`.':
    '請為節點設定內部的監聽位址，或以 `link` 指定其中之一。',
  'Name it in `listeners` of the one node that it is of.': '請只在它所屬節點的 `listeners` 中列出它。',
  'Join the trunk to a listener of each member, or of none.': '請讓此中繼線使用每個成員的監聽位址，或都不指定。',
  'Give `pattern` and `to`, or `starts` and the keys that go with it.':
    '請設定 `pattern` 與 `to`，或 `starts` 與其搭配的項目。',
  'Write 2000 kbit/s, or 2 Mbit/s.': '請寫 2000 kbit/s 或 2 Mbit/s。',
  'Write digits, *, #, and + at the beginning.': '請寫數字、*、#，以及開頭的 +。',
  'Write +, the code of the country, and the rest, digits only: +4930123450, or +4930123450;ext=17.':
    '請寫 +、國碼與其餘號碼，只含數字：+4930123450 或 +4930123450;ext=17。',
  'Write DE, US, GB and so on.': '請寫 TW、US、DE 等。',
  'Write days: mon-fri, from: "08:00", to: "18:00", zone: Europe/Berlin.':
    '請寫 days: mon-fri、from: "08:00"、to: "18:00"、zone: Asia/Taipei。',
  'Write sip:desk@example.com, https://example.com/calls, or desk@example.com.':
    '請寫 sip:desk@example.com、https://example.com/calls 或 desk@example.com。',
  'Name one of those there are, or add the one that is missing.': '請指定已有的其中之一，或新增缺少的項目。',
  'Name a usage of a route, or give a route this one.': '請指定某條路由的類別，或為路由設定此類別。',
  'Name the central site as `centre` of the branch.': '請以分支的 `centre` 指定中心據點。',
  'Say in which `region` it is.': '請說明它位於哪個 `region`。',
  'Take the network out of one of the sites, or part it.': '請從其中一個據點移除此網段，或將它拆開。',
  'Give one of them another number, or an extension behind the same one: ;ext=17.':
    '請為其中之一改用其他號碼，或在同一號碼後加分機：;ext=17。',
  'Name two regions, or two sites.': '請指定兩個區域，或兩個據點。',
  'Leave the number out of it: a pattern such as [2-8]\\d\\d takes none that begins with 1 or 9.':
    '請排除此號碼：例如樣式 [2-8]\\d\\d 不會符合以 1 或 9 開頭者。',
  'Give one of them; mail takes `from` and `server` as well.': '請設定其中之一；郵件另須 `from` 與 `server`。',
  'Add a trunk with a `site` in this country, or take `local-termination` away.':
    '請新增 `site` 位於該國的中繼線，或移除 `local-termination`。',
  'Make a listener of its own for tls; 5061 is its port.': '請為 tls 另設監聽位址；其連接埠為 5061。',
  'Add `tls` with `certificate` and `key`.': '請加上含 `certificate` 與 `key` 的 `tls`。',
  'Remove it, or put right what keeps it from working.': '請移除它，或更正使它無效的原因。',
  'Add `addresses` or `domain`, or `next-hop` for an outbound proxy.':
    '請加上 `addresses` 或 `domain`；使用對外代理伺服器時請加上 `next-hop`。',
  'Add `domain` and `identity` to the trunk.': '請在中繼線加上 `domain` 與 `identity`。',
  'Give one of them.': '請設定其中之一。',
  'Say `transport: tls`; or, where the way is protected otherwise, `srtp: { mode: required, keys-in-clear: true }`.':
    '請設為 `transport: tls`；若途中另有保護，請設為 `srtp: { mode: required, keys-in-clear: true }`。',
  'Say `transport: tls` and `srtp: required`; or, where a tunnel carries the trunk, `connection: { type: internet, vpn: true }`.':
    '請設為 `transport: tls` 與 `srtp: required`；若中繼線經由隧道，請設為 `connection: { type: internet, vpn: true }`。',
  'Give the name that the certificate bears, as `domain` or in `tls.names`; or the address there, if it bears that.':
    '請以 `domain` 或 `tls.names` 填入憑證所含的名稱；若憑證含有位址，請在該處填入位址。',
  'Give both, or neither.': '請同時設定兩者，或都不設定。',
  'Make `most` at least as long as `base`.': '請使 `most` 不短於 `base`。',
  'Anchor media, or leave `srtp` out.': '請讓媒體經過本系統，或移除 `srtp`。',
  'Do as the profile says; or, where the peer can do more than it says, correct a copy of the profile.':
    '請依範本設定；若對端的能力超過範本所述，請更正範本的複本。',
  'Give one of them another name.': '請為其中之一改用其他名稱。',
  'Add `advertise` with the address that peers reach this machine at, or bind to that address.':
    '請以 `advertise` 填入對端連到本機的位址，或綁定該位址。',
  'Give the address of one machine.': '請填單一機器的位址。',
  'Use one listener for IPv4 and another for IPv6.': '請為 IPv4 與 IPv6 各設一個監聽位址。',
  'Make them one listener (side: both), or give one of them another address or port.':
    '請合併為一個監聽位址（side: both），或為其中之一改用其他位址或連接埠。',
  'Add such a listener, or correct side, transport or address.': '請新增這樣的監聽位址，或更正側、傳輸協定或位址。',
  'Give both a port, join them to different listeners by `listeners`, or take the source out of one of them.':
    '請為兩者指定連接埠、以 `listeners` 讓它們使用不同的監聽位址，或從其中之一移除此來源。',
  'Give the address of the peer.': '請填對端的位址。',
  'Move the listener or the range.': '請移動監聽位址或此範圍。',
  'Make T2 at least as long as T1.': '請使 T2 不短於 T1。',
  'Give one of them; for every number leave `called` out, for two make two routes.':
    '請設定其中之一；若要處理所有號碼請移除 `called`，需要兩者請建立兩條路由。',
  'Remove one of the two.': '請移除其中之一。',
  'Correct its spelling, or remove it.': '請更正拼字，或移除它。',
  'Add it.': '請加上它。',
  'Give it the shape that the key takes.': '請寫成此項目要求的形式。',
  'Give the IP address.': '請填 IP 位址。',
  'Give a port from 1 to 65535.': '請填 1 到 65535 的連接埠。',
  'Write a number and its unit: 500ms, 10s, 3m, 1h.': '請寫數字與單位：500ms、10s、3m、1h。',
  'Give a whole number in the range; for no limit at all leave the key out.':
    '請填範圍內的整數；若不要上限，請移除此項目。',
  'Choose one of them.': '請選擇其中之一。',
  'Give the value, or remove the key.': '請填入值，或移除此項目。',
  'Add an entry.': '請加上一筆。',
  'Use letters, digits, `.`, `_` and `-`, at most 64, beginning with a letter or digit.':
    '請使用英文字母、數字、`.`、`_` 與 `-`，最多 64 個字元，以英文字母或數字開頭。',
  'Write the low and the high port with a dash: 20000-40000.': '請以連字號寫出最低與最高的連接埠：20000-40000。',
  'Simplify the pattern, or use `prefix`.': '請簡化樣式，或使用 `prefix`。',
  'Use other characters.': '請使用其他字元。',
  'Give the name alone, such as sip.itsp.example, with a port behind it where one is wanted.':
    '請只填名稱，例如 sip.itsp.example，需要時在其後加連接埠。',
  'Write 198.51.100.0/24 or 2001:db8::/32.': '請寫 198.51.100.0/24 或 2001:db8::/32。',
  'Write 486 or 500-599.': '請寫 486 或 500-599。',
  'Give a number from 0 to 63, or one of DF, LE, VA, EF, CS0 to CS7, AF11 to AF43.':
    '請填 0 到 63 的數字，或 DF、LE、VA、EF、CS0 到 CS7、AF11 到 AF43 之一。',
  'Give names as in rtpmap: PCMA, PCMU, G722, G729, opus, telephone-event, CN; or `all`.':
    '請使用 rtpmap 中的名稱：PCMA、PCMU、G722、G729、opus、telephone-event、CN；或 `all`。',
  'Write MESSAGE, or SUBSCRIBE/presence.': '請寫 MESSAGE 或 SUBSCRIBE/presence。',
};
