import type { Book } from '../../said/book.ts';

/** What the keys of groups, routes, sites, links, nodes, dial plans, policies and users mean. */
export const organisationKeys: Book = {
  'What routes call it; no trunk has this name.': '路由對它的稱呼；不得與中繼線同名。',
  'Its trunks.': '所含的中繼線。',
  'The trunk.': '中繼線。',
  'Its share of the calls, where the choice is `weighted`.': '選擇方式為 `weighted` 時，它分得的通話比重。',
  'Which of them is tried first, call by call; the others follow.': '每通通話先嘗試哪一條；其餘依序在後。',
  'The most that its trunks carry together; no limit unless given.': '各中繼線合計的上限；未設定則無上限。',
  'Calls at once.': '同時通話數。',
  'New calls in any second.': '每秒新通話數。',
  'What logs and records call it.': '日誌與通話紀錄中的名稱。',
  'It takes no call: `true`, or `until` a time. It stays in the file, and is what it was again after.':
    '不處理任何通話：`true`，或 `until` 加時間。它仍留在檔案中，之後恢復原狀。',
  'The trunks the call may come from, a group standing for all of its own; any unless given.':
    '通話可來自哪些中繼線，群組代表其中所有中繼線；未設定則為任何中繼線。',
  'The called numbers it takes, by `prefix`, by `pattern` or by `file`; every number unless given.':
    '它處理的被叫號碼，以 `prefix`、`pattern` 或 `file` 表示；未設定則為所有號碼。',
  'How the called number begins: one of these.': '被叫號碼的開頭：其中之一。',
  'What the whole called number looks like.': '整個被叫號碼的樣式。',
  'Prefixes in a file, one a line; of several columns the first. It may have a million of them.':
    '號碼開頭的檔案，每行一個；有多個欄位時取第一欄。可有一百萬筆。',
  'How numbers begin that it does not take all the same.': '雖然符合仍不處理的號碼開頭。',
  'The classes of calls that it is for: who has one of them by his policy or trunk may use it. Unless given it is for those who have no policy.':
    '適用的通話類別：通話權限或中繼線含有其中之一者可使用。未設定則供沒有通話權限者使用。',
  'Among the routes of one usage those with a lower number come first, else they keep their order.':
    '同一類別的路由中，數字較小者在前；相同時維持順序。',
  'Where the caller must be; anywhere unless given.': '主叫須在哪裡；未設定則不限。',
  'When it holds; always unless given.': '何時有效；未設定則一律有效。',
  'The days of the week.': '星期幾。',
  'From when on.': '從何時起。',
  'Up to when, itself not included; earlier than `from` is past midnight, of the day that it began.':
    '到何時為止，不含該時刻；早於 `from` 表示跨過午夜，歸屬於開始的那一天。',
  'Whose clocks count.': '以哪裡的時間計算。',
  'The caller is known by this number, whoever it is.': '主叫一律顯示為此號碼，不論是誰。',
  '`least-cost`: the trunk that charges least for the number comes first, by `rates` of trunks.':
    '`least-cost`：依中繼線的 `rates`，撥打該號碼最便宜的中繼線優先。',
  'The trunks and groups to try, in this order.': '要嘗試的中繼線與群組，依此順序。',
  'In place of `to`: the status that the call is refused with.': '取代 `to`：拒絕通話的狀態碼。',
  'A place with phones, trunks or both.': '有電話、中繼線或兩者皆有的地點。',
  'What trunks, users and routes call it.': '中繼線、使用者與路由對它的稱呼。',
  '`branch` where `centre` says who serves it, else `central`, unless given.':
    '未設定時，`centre` 指明服務據點者為 `branch`，否則為 `central`。',
  'Of a branch: the central site that serves it.': '分支據點：為它服務的中心據點。',
  'The part of the network that it is in; that of its centre unless given. Links join regions.':
    '所屬的網路區域；未設定則與其中心據點相同。連線連接各區域。',
  "Where it is (ISO 3166): its calls leave by trunks of this country where the law wants it, and its people's numbers are looked at.":
    '所在國家（ISO 3166）：法律要求時，通話由該國的中繼線送出；也用來檢查該處人員的號碼。',
  'The addresses that are here.': '位於此處的位址。',
  'The addresses.': '位址範圍。',
  'Where help is to come to, for who is at one of them.': '使用其中位址的人，救援應前往何處。',
  'Media of who is at one of them may go past us. `false` for wireless, where much is lost.':
    '使用其中位址者的媒體可不經過本系統。遺失較多的無線網路請設為 `false`。',
  'The most that calls may take of its link to its region; as much as they want unless given.':
    '通話最多可使用多少通往其區域的頻寬；未設定則不限。',
  'Of all calls together, one way.': '所有通話合計，單向。',
  'Of one call.': '單一通話。',
  'Of all video together.': '所有視訊合計。',
  'Of one video stream.': '單一視訊串流。',
  'That link is doubled: it needs nothing of its own to live through its loss.':
    '該連線有備援：失去其一時不需要其他措施。',
  'What keeps a branch going when its centre cannot be reached: an appliance or a server beside it, or a whole site of its own.':
    '無法連到中心據點時，分支如何維持運作：設備、旁邊的伺服器，或自成完整的據點。',
  'How numbers are read that are dialled here, by who has no plan of his own.':
    '在此撥號、且沒有自己撥號計畫的人，如何解讀其號碼。',
  'What may be called from here, by who has no policy of his own.': '在此而沒有自己通話權限的人可撥打什麼。',
  'Where help is to come to, for who is in no subnet that says it better.':
    '所在網段沒有更精確資料時，救援應前往何處。',
  'The policy by which calls leave of who is here and may not go round tolls (`toll-bypass: false`); his own says whom he may call.':
    '在此而不得規避長途費用者（`toll-bypass: false`），其通話依此通話權限送出；可撥打誰則依本人的權限。',
  'Calls for help from here, as far as `emergency` does not say it.': '此處的緊急通話，`emergency` 未說明的部分。',
  'The trunks and groups that calls for help from here take first, in order; those of its country and of `emergency` come after them.':
    '此處的緊急通話最先使用的中繼線與群組，依序；其國家與 `emergency` 的在後。',
  'The numbers that call for help here, instead of those that hold for more.': '在此處的緊急號碼，取代適用範圍更廣者。',
  'The number that calls for help, as trunks get it.': '緊急號碼，即送往中繼線的號碼。',
  'What else is dialled for it.': '也視為它的其他撥法。',
  'Services of RFC 5031 that it stands for, `sos.police`; the first number stands for all that no other names.':
    '它所代表的 RFC 5031 服務，例如 `sos.police`；第一個號碼代表其他號碼未列出的所有服務。',
  'Numbers to try it with there, instead of those that hold for more.': '在該處用來試撥的號碼，取代適用範圍更廣者。',
  'The number of people who ask where the caller is, there.': '該處詢問主叫位置之人員的號碼。',
  'Who hears of calls for help from there, beside those who hear of more.':
    '除適用範圍更廣者外，還通知誰該處有緊急通話。',
  'Who gets a SIP MESSAGE.': '誰會收到 SIP MESSAGE。',
  'Or: where it is posted to as JSON.': '或：以 JSON 送往何處。',
  'With `webhook`: what it is signed with.': '搭配 `webhook`：簽章用的密鑰。',
  'Or: who gets mail.': '或：誰會收到郵件。',
  'With `mail`: who sends it.': '搭配 `mail`：寄件者。',
  'With `mail`: the server that takes it, at port 25 unless one is given.':
    '搭配 `mail`：收件伺服器，未指定連接埠時為 25。',
  'With `mail`: TLS where the server offers it (STARTTLS), always, from the first octet on, or never. `direct` at port 465, `required` with a password, else `offered`, unless given. A certificate that is wrong is never taken.':
    '搭配 `mail`：伺服器提供時使用 TLS（STARTTLS）、一律使用、從第一個位元組起使用，或不使用。未設定時，連接埠 465 為 `direct`，有密碼時為 `required`，其他為 `offered`。不接受有問題的憑證。',
  'With `mail`: whose certificates are believed, `system`, the roots of this machine, unless given, and PEM files of others.':
    '搭配 `mail`：信任哪些憑證；未設定則為 `system`（本機的根憑證），另可指定 PEM 檔。',
  'With `mail`: who we are at the server, where it asks.': '搭配 `mail`：伺服器要求時的使用者名稱。',
  'Those who hear of more do not hear of calls for help from there.':
    '適用範圍更廣的通知對象，不會收到該處的緊急通話。',
  'Calls from here leave by trunks that end in its country.': '此處的通話須由終止於該國的中繼線送出。',
  'The most that its people have with trunks; no limit unless given.':
    '該處人員與中繼線之間通話的上限；未設定則無上限。',
  'What holds for its trunks where they say nothing else: any key of a trunk that `trunk-defaults` has.':
    '其中繼線本身未設定時採用的值：`trunk-defaults` 的任何項目。',
  'What joins two regions, or two sites directly.': '連接兩個區域，或直接連接兩個據點的線路。',
  'Two regions; or two sites that are joined beside their regions.': '兩個區域；或在區域之外另行相連的兩個據點。',
  'The most that calls may take of it; as much as they want unless given.': '通話最多可使用的頻寬；未設定則不限。',
  'A process, on a machine of its own, with its part of this configuration.':
    '一個程序，在自己的機器上，負責此設定的一部分。',
  'What pools call it, and `tandem run --node`.': '節點池與 `tandem run --node` 對它的稱呼。',
  'Where it is: trunks of that site end there, and the phones of who belongs there register there.':
    '所在位置：該據點的中繼線終止於此，屬於該據點的話機在此註冊。',
  'Its listeners. Each listener is of one node.': '它的監聽位址。每個監聽位址只屬於一個節點。',
  'The one of them that it and the other nodes speak to each other by; its first internal one unless given.':
    '其中與其他節點溝通所用者；未設定則為第一個內部的監聽位址。',
  'Where RTP goes that passes through it; as `media` says unless given.': '經過它的 RTP 往何處；未設定則依 `media`。',
  "The media address of both sides; that of the side's first listener unless given.":
    '兩側的媒體位址；未設定則為該側第一個監聽位址的位址。',
  'The media address towards internal trunks; `address` unless given.':
    '對內部中繼線的媒體位址；未設定則為 `address`。',
  'The address that RTP is sent from and received on.': '收送 RTP 的位址。',
  'What SDP says, where peers reach us at another address. `bind` unless given; to be given when `bind` is 0.0.0.0 or "::".':
    '對端須經由另一位址連到本系統時，SDP 所寫的位址。未設定則為 `bind`；`bind` 為 0.0.0.0 或 "::" 時必須設定。',
  'The media address towards external trunks; `address` unless given.':
    '對外部中繼線的媒體位址；未設定則為 `address`。',
  'The directory of its records; as `records` says unless given.': '它存放通話紀錄的目錄；未設定則依 `records`。',
  'How its API is reached; as `management` says unless given.': '如何連到它的 API；未設定則依 `management`。',
  'Where its API is; port 8080 unless one is given.': '它的 API 位置；未指定連接埠時為 8080。',
  'What a browser calls it.': '瀏覽器連到它所用的網址。',
  'How often the others ask it whether it lives, and how long an answer may take. Two without one, and it does not.':
    '其他節點多久詢問它是否存活一次，以及可等待回應多久。連續兩次沒有回應即視為不在。',
  'Where its `link` is of `tls`: the DNS name that its certificate bears; what the link advertises, where that is a name, unless given.':
    '其 `link` 使用 `tls` 時：憑證所含的 DNS 名稱；未設定則為該連線公布的名稱。',
  'Where its `link` is of `tls`: whose certificates are believed to be its, `system` and PEM files of others.':
    '其 `link` 使用 `tls` 時：信任哪些憑證為它所有，`system` 與 PEM 檔。',
  'What other pools call it.': '其他節點池對它的稱呼。',
  'Its nodes. All have the same trunks and, for users, are one; what one cannot carry another does.':
    '所含的節點。它們有相同的中繼線，對使用者而言是一體；一個無法承載時由另一個承擔。',
  'The pool, or node, that registers its users when all of its nodes are gone; at a branch those at the `centre` unless given.':
    '所有節點都不在時，由哪個節點池或節點接受其使用者註冊；未設定時，分支為 `centre` 的節點池。',
  'How long they must be gone for that; 5m, or 10s at a branch, unless given.':
    '須不在多久才接手；未設定則為 5m，分支為 10s。',
  'What sites, trunks and users call it; `global` is for those who have no other.':
    '據點、中繼線與使用者對它的稱呼；`global` 供沒有其他撥號計畫者使用。',
  'What users and PBXs dial before a number outside: it comes off before the rules are tried; where none fits then, they are tried on the whole.':
    '使用者與 PBX 撥打外線前加撥的號碼：先去除它再嘗試規則；若沒有符合的規則，則以完整號碼再試。',
  'In order: the first that fits decides.': '依序：由第一條符合的規則決定。',
  'True: it makes numbers within, and is tried on the whole number before the access prefix comes off, never behind it.':
    'true：產生內部號碼，在去除外線碼之前以完整號碼嘗試，之後不再嘗試。',
  'What users and sites call it; `global` is for those who have no other.':
    '使用者與據點對它的稱呼；`global` 供沒有其他通話權限者使用。',
  'The classes of routes that he may use, in order: later ones serve when earlier ones fail. With none, `[]`, he calls colleagues and for help; so it is unless given.':
    '可使用的路由類別，依序；前面的失敗時使用後面的。空白 `[]` 表示只能撥打同事與緊急通話；未設定亦同。',
  'What else he may do.': '另外可以做什麼。',
  'He may have his calls forwarded.': '可設定來電轉接。',
  'He may transfer calls.': '可轉接通話。',
  'He may have another number ring with his devices.': '可讓另一個號碼與其裝置同時響鈴。',
  'A call that the network has no room for goes by a trunk instead.': '網路沒有空間的通話改走中繼線。',
  'Calls to him are let in however full a link is.': '連線再滿，撥給他的通話也放行。',
  'His calls leave as his policy says, not as the `local-policy` of the site where he is.':
    '其通話依本人的通話權限送出，而非所在據點的 `local-policy`。',
  'Somebody, or something, that registers here or has a number.': '在此註冊或擁有號碼的人或設備。',
  'The user part of the SIP address, and the name at digest.': 'SIP 位址的使用者部分，也是摘要驗證的名稱。',
  'The name that people see.': '供人閱讀的名稱。',
  'The number that he calls from and is called at; with `;ext=` where many share it.':
    '他撥出與接聽所用的號碼；多人共用時加上 `;ext=`。',
  'Other numbers that lead to him, an extension for one.': '其他會找到他的號碼，例如分機。',
  'Where he belongs.': '所屬據點。',
  'Where help is to come to, of a telephone that stays where it is; by its address or its site unless given, and where its address is not there.':
    '固定不動的電話，救援應前往何處；未設定則依其位址或據點，位址不在該處時亦同。',
  'The same of single devices of his.': '單一裝置的同一項設定。',
  'Which: the instance that it registers with (RFC 5626), or its hardware address, where that stands in the instance.':
    '哪一個裝置：註冊時的 instance（RFC 5626），或 instance 中所含的硬體位址。',
  'Where help is to come to.': '救援應前往何處。',
  'How what he dials is read; as at his site unless given.': '如何解讀他所撥的號碼；未設定則依其據點。',
  'What he may call; as at his site unless given.': '可撥打什麼；未設定則依其據點。',
  'How many devices may be registered at once; all of them ring.': '可同時註冊多少個裝置；全部都會響鈴。',
  'Encryption of media, with keys in SDP (RFC 4568); as the `registrar` has it unless given.':
    '媒體加密，金鑰寫在 SDP 中（RFC 4568）；未設定則依 `registrar`。',
  'How digits travel to and from his devices; as the `registrar` has it unless given.':
    '與其裝置之間如何傳送按鍵；未設定則依 `registrar`。',
  'The marks of what is sent to his devices; as the `registrar` has it unless given.':
    '送往其裝置的封包標記；未設定則依 `registrar`。',
  'Requests beside calls that pass to and from his devices; as the `registrar` has it unless given.':
    '可與其裝置往來的通話以外請求；未設定則依 `registrar`。',
  'What his devices say of where they are, in a call for help, comes before what is known of them here; as the `registrar` has it unless given.':
    '緊急通話時，裝置自行告知的位置優先於本系統所知的位置；未設定則依 `registrar`。',
  'Who may watch whether he is there and in a call; as the `registrar` has it unless given.':
    '誰可查看他是否在線、是否通話中；未設定則依 `registrar`。',
  'Reports on voice quality (RFC 6035): docs/quality.md. As the `registrar` has it unless given.':
    '語音品質報告（RFC 6035）：docs/quality.md。未設定則依 `registrar`。',
  'The most calls of all his devices together; no limit unless given.': '其所有裝置合計的通話上限；未設定則無上限。',
  'Where his calls go, instead of or after his devices.': '他的來電改往何處，取代其裝置或在其後。',
  'Where every call goes, and no device rings.': '所有來電的去處，裝置都不響鈴。',
  'Where a call goes when he is busy.': '忙線時來電的去處。',
  'Where a call goes that he does not take.': '無人接聽時來電的去處。',
  'The number or user.': '號碼或使用者。',
  'How long his devices ring before.': '在此之前其裝置響鈴多久。',
  'Where a call goes when no device of his is there.': '沒有裝置註冊時來電的去處。',
  'What rings together with his devices, a mobile phone for one.': '與其裝置同時響鈴者，例如手機。',
  'His number is never shown outside.': '對外一律不顯示他的號碼。',
  'Media of his devices may go past us, where `media.bypass` has it so. `false`: they take it from us alone.':
    '若 `media.bypass` 允許，其裝置的媒體可不經過本系統。`false`：裝置只與本系統收送媒體。',
  'How devices register. `registrar: {}` takes the defaults; without the key none can.':
    '裝置如何註冊。`registrar: {}` 採用預設值；沒有此項則無法註冊。',
  'The domains of addresses that are registered; any name or address of ours unless given.':
    '可註冊之位址的網域；未設定則為本系統的任何名稱或位址。',
  'The realm of challenges; the first domain unless given.': '驗證要求的 realm；未設定則為第一個網域。',
  'The hashes that are asked for, the best first (RFC 8760). Many a phone gives up at the sight of another than MD5, even beside it.':
    '要求的雜湊演算法，最佳者在前（RFC 8760）。許多話機只要看到 MD5 以外的演算法就會放棄，即使同時提供 MD5。',
  'How long a registration lasts.': '註冊的有效時間。',
  'What is shorter gets 423.': '更短者收到 423。',
  'What is longer is cut to it.': '更長者縮短為此值。',
  'Encryption of media, with keys in SDP (RFC 4568); none unless given.':
    '媒體加密，金鑰寫在 SDP 中（RFC 4568）；未設定則不加密。',
  'How digits travel to and from devices: `rtp-event`, `info`, `info-dtmf`, `inband`, as for a trunk. As they come unless given.':
    '與裝置之間如何傳送按鍵：`rtp-event`、`info`、`info-dtmf`、`inband`，與中繼線相同。未設定則照原樣。',
  'The marks of what is sent to devices.': '送往裝置的封包標記。',
  'Requests beside calls that pass to and from devices, as for a trunk.': '可與裝置往來的通話以外請求，與中繼線相同。',
  'What devices say of where they are, in a call for help (RFC 6442), comes before what is known of them here; not unless given.':
    '緊急通話時，裝置自行告知的位置（RFC 6442）優先於本系統所知的位置；未設定則否。',
  'Who may watch whether a user is there and in a call: `users`, as long as they are registered; `nobody`; or these users and trunks.':
    '誰可查看使用者是否在線、是否通話中：`users` 為已註冊的所有使用者；`nobody` 為無人；或指定使用者與中繼線。',
  'Who outside is asked where calls go.': '向外部查詢通話去向的對象。',
  'Numbers in the DNS (RFC 6116). A SIP address leads to the trunk with that `domain` or address; where there is none, it is passed over.':
    'DNS 中的號碼（RFC 6116）。SIP 位址會導向具有該 `domain` 或位址的中繼線；沒有時略過。',
  'Where numbers stand in the DNS: `e164.arpa`, or a domain of your own.':
    '號碼在 DNS 中的位置：`e164.arpa`，或自有的網域。',
  '`first`: before the routes, about every call that does not stay within; `unrouted`: when no route takes it.':
    '`first`：在路由之前，對每通非內部通話查詢；`unrouted`：沒有路由符合時才查詢。',
  'When nothing is said in time: the `routes` decide, or the caller is refused.':
    '未及時得到回覆時：由 `routes` 決定，或拒絕主叫。',
  'How long a call waits for it.': '通話等候它多久。',
  'A service of your own, asked when ENUM has nothing. docs/routing.md has what it is told, and may say.':
    '自有的服務，ENUM 沒有結果時查詢。docs/routing.md 說明會告知它什麼，以及它可以如何回覆。',
  'Where questions are posted to as JSON.': '以 JSON 提出查詢的位置。',
  'What they are signed with.': '簽章用的密鑰。',
  'With `https`: whose certificates are believed, `system`, the roots of this machine, unless given, and PEM files of others.':
    '使用 `https` 時：信任哪些憑證；未設定則為 `system`（本機的根憑證），另可指定 PEM 檔。',
  'The trunks and users whose calls it is asked about; all unless given.':
    '對哪些中繼線與使用者的通話提出查詢；未設定則為全部。',
};
