import type { Book } from '../../said/book.ts';

/** Steps of a trunk test, what came of them, and what to do. */
export const trunkTest: Book = {
  'Nobody takes {} there: ask the peer for the right port and transport, and whether it is up.':
    '該處沒有程式接收 {1}：請向對端詢問正確的連接埠與傳輸協定，以及它是否運作中。',
  'Nothing came back: a firewall on the way drops it, or the address is wrong. Open the way, on both ends.':
    '沒有任何回應：途中的防火牆將它丟棄，或位址有誤。請在兩端開通。',
  'This machine has no way there: look at its routes, and at the tunnel if there is one.':
    '本機沒有通往該處的路徑：請檢查路由表，以及隧道（若有）。',
  'The address of the listener is not on this machine: give it to the machine, or correct bind.':
    '監聽位址不屬於本機：請將它設定到本機，或更正 bind。',
  'The peer hangs up at once: it may take only addresses that it knows. Tell it ours.':
    '對端立即斷線：它可能只接受已知的位址。請告知本系統的位址。',
  'Look at the way there, and ask the peer what it sees.': '請檢查通往該處的路徑，並詢問對端看到了什麼。',
  'If the provider says that this is its certificate, write its name under tls.names of the trunk; else this is not the provider.':
    '若業者表示這是其憑證，請將其名稱寫入此中繼線的 tls.names；否則該處不是該業者。',
  'plain text': '明文',
  'It is not the port for TLS: ask the provider for it (5061 is usual), or give the trunk another transport.':
    '這不是 TLS 的連接埠：請詢問業者（通常為 5061），或為中繼線改用其他傳輸協定。',
  'Whose certificate it is must renew it.': '憑證的擁有者必須更新它。',
  'not trusted': '不受信任',
  'Get the root of the provider, put it into a PEM file, and name that under tls.trust of the trunk.':
    '請取得業者的根憑證，存成 PEM 檔，並寫入此中繼線的 tls.trust。',
  'If it is to be trusted all the same, put this very certificate into a file under tls.trust.':
    '若仍要信任它，請將這張憑證存成檔案並寫入 tls.trust。',
  'client certificate': '用戶端憑證',
  'Give the trunk a certificate and key (tls.certificate, tls.key) that the provider trusts.':
    '請為中繼線設定業者所信任的憑證與金鑰（tls.certificate、tls.key）。',
  'our certificate': '本系統的憑證',
  'Give the provider the root of our certificate, or take one from an issuer that it trusts.':
    '請將本系統憑證的根憑證提供給業者，或向其信任的單位申請憑證。',
  'no certificate of ours': '沒有本系統的憑證',
  'Correct the files of the certificate and its key.': '請更正憑證與金鑰的檔案。',
  'TLS versions': 'TLS 版本',
  'Ask the provider which versions of TLS it takes; tls.min-version may be lowered to 1.2.':
    '請詢問業者接受哪些 TLS 版本；tls.min-version 可降為 1.2。',
  'TLS version': 'TLS 版本',
  'The peer speaks less than TLS 1.2, which is not safe: it must be brought up to date.':
    '對端的 TLS 低於 1.2，並不安全：必須由對端更新。',
  'Ask the provider what its log says about the handshake.': '請詢問業者其日誌對此次交握的記載。',
  'The credentials of the trunk are missing or not taken: check username, password and realm.':
    '此中繼線的驗證資訊缺少或不被接受：請檢查 username、password 與 realm。',
  'The account is not allowed to register: check the user and whether it is enabled.':
    '此帳號不得註冊：請檢查使用者，以及是否已啟用。',
  'The peer refuses the call: check that it knows our address, and the caller’s number (--caller) and the rights of the account.':
    '對端拒絕通話：請檢查它是否認得本系統的位址、主叫號碼（--caller）與帳號的權限。',
  'The registrar does not know the account: check identity.user and the domain.':
    '註冊伺服器不認得此帳號：請檢查 identity.user 與網域。',
  'The peer does not know the number: check its form (+49…, 0049…, 089…), which the provider tells.':
    '對端不認得此號碼：請檢查其格式（+886…、00886…、02…），格式由業者說明。',
  'Nobody answered behind the peer: try another number.': '對端後方無人回應：請改用其他號碼。',
  'The number is busy or declines: the trunk itself works. Try another number.':
    '號碼忙線或拒接：中繼線本身正常。請改用其他號碼。',
  'The media offered are not taken: check srtp of the trunk and the codecs (G.711 A-law and mu-law are offered).':
    '不接受所提出的媒體：請檢查中繼線的 srtp 與編解碼器（提出的是 G.711 A-law 與 μ-law）。',
  'The peer needs another form of request: ask it for its requirements.': '對端需要另一種形式的請求：請詢問其要求。',
  'The peer wants a longer registration.expires.': '對端要求較長的 registration.expires。',
  'It failed behind the peer: ask the provider, with the Call-ID of the record.':
    '在對端後方失敗：請提供紀錄中的 Call-ID 詢問業者。',
  'Nobody could be reached or the peer is overloaded: the decisions below tell which.':
    '無法連到任何人，或對端超過負荷：以下的路由說明會指出是何者。',
  'no number was given': '未指定號碼',
  'Give one that may ring: --number +49…': '請指定可響鈴的號碼：--number +886…',
  'Start it: the call goes through it.': '請啟動它：通話須經由它。',
  'no listener takes UDP': '沒有使用 UDP 的監聽位址',
  'Add one for the test call: a listener of side internal, bound to 127.0.0.1, with transports: udp.':
    '請為測試通話新增一個：side 為 internal、綁定 127.0.0.1、transports 為 udp 的監聽位址。',
  'after {}': '經過 {1}',
  'answered without G.711': '已接聽，但沒有 G.711',
  'Have the peer offer PCMA or PCMU.': '請對端提供 PCMA 或 PCMU。',
  'answered {}, {}': '已接聽 {1}，{2}',
  'The decisions in the record below tell how it came about.': '以下紀錄中的路由說明會指出原因。',
  'not answered within {} s{}': '{1} 秒內無人接聽{2}',
  'though it rang': '雖然曾經響鈴',
  'Call a number that answers by itself: an echo test, an announcement.':
    '請撥打會自動接聽的號碼：回音測試或語音播報。',
  'no call stands': '沒有通話',
  'nothing was heard: no RTP came back': '聽不到聲音：沒有收到 RTP',
  'The peer or a NAT does not reach our media ports: check media.external.advertise and the firewall (UDP).':
    '對端或 NAT 無法連到本系統的媒體連接埠：請檢查 media.external.advertise 與防火牆（UDP）。',
  '{} packets, {} lost, jitter {} ms': '{1} 個封包，遺失 {2} 個，抖動 {3} ms',
  '{} of sound, {}': '{1} 的聲音，{2}',
  'our own tone for {}: the far end echoes': '聽到本系統送出的音頻 {1}：遠端有回音',
  'packets came, and silence in them': '收到封包，但內容無聲',
  'Call a number that speaks.': '請撥打會播放語音的號碼。',
  'our own tone': '本系統送出的音頻',
  'no digits were asked for': '未要求送出按鍵',
  'the far end takes no RFC 4733 digits': '遠端不接受 RFC 4733 按鍵',
  'Ask the provider for telephone-event: menus and conferences need digits.':
    '請向業者要求 telephone-event：選單與會議需要按鍵。',
  '{}, as RFC 4733 events (payload type {})': '{1}，以 RFC 4733 事件送出（payload type {2}）',
  '{} sent; none came back, as few far ends send them back': '已送出 {1}；沒有送回，大多數遠端都不會送回',
  '{} sent, {} came back': '已送出 {1}，送回 {2}',
  'media kept coming while on hold': '保留期間仍持續收到媒體',
  'resume {}': '取消保留 {1}',
  'the call ended by it': '通話因此結束',
  'Ask the provider about re-INVITE with a=inactive.': '請向業者詢問含 a=inactive 的 re-INVITE。',
  'nothing was heard after it': '之後聽不到聲音',
  'held and resumed': '已保留並恢復',
  'Calls that are put on hold suffer: ask the provider how it wants them held.':
    '保留的通話會受影響：請詢問業者要求的保留方式。',
  'the far end hung up first': '遠端先掛斷',
  'Give --seconds fewer, or call a number that stays longer.': '請縮短 --seconds，或撥打維持較久的號碼。',
  'the BYE was not answered': 'BYE 未獲回應',
  'no call was made': '未撥打通話',
  'no record of it was found': '找不到它的紀錄',
  'Look for it: tandem cdr list --data {}': '請自行查詢：tandem cdr list --data {1}',
  'jitter {} ms': '抖動 {1} ms',
  'All of it: tandem cdr show {} --data {}': '完整內容：tandem cdr show {1} --data {2}',
  "{} % of the far end's packets were lost": '遠端的封包遺失 {1} %',
  'Look at the way to the peer: bandwidth, queues, DSCP marks.': '請檢查通往對端的路徑：頻寬、佇列、DSCP 標記。',
  'refused with {}': '以 {1} 拒絕',
  'ended the call': '通話結束',
  'was not answered': '未獲回應',
  '{} is sound': '{1} 正確',
  'nothing came back': '沒有任何回應',
  'no target is known': '沒有已知的目標',
  'UDP knows no connections: OPTIONS will tell': 'UDP 沒有連線：由 OPTIONS 得知',
  '{} of {} {} reached': '{2} 個目標中連上 {1} 個',
  'Correct next-hop, or the zone of its name.': '請更正 next-hop，或其名稱的 DNS 區域資料。',
  'Correct addresses or domain, or the zone of the name; `dns.servers` names other servers to ask.':
    '請更正 addresses 或 domain，或該名稱的 DNS 區域資料；`dns.servers` 可指定其他伺服器。',
  'no target': '沒有目標',
  '{}, by address: nothing to ask': '{1}，以位址指定：不需查詢',
  '{}, and: {}': '{1}，另外：{2}',
  'Correct the name that was not found, or take it out of the file.': '請更正找不到的名稱，或從檔案中移除。',
  'the DNS did not answer within {} s': 'DNS 在 {1} 秒內沒有回應',
  'no such name': '沒有此名稱',
  'no such record': '沒有此紀錄',
  'no target is known to be asked': '沒有可詢問的目標',
  'over TLS the running program asks, and none runs: the handshake has told whether somebody is there':
    '使用 TLS 時由執行中的程式詢問，而目前沒有程式執行：由交握已知對端是否存在',
  'by the running program': '由執行中的程式',
  'by a socket of our own: no program runs': '由測試自己的 socket：沒有執行中的程式',
  '{} ms there and back': '來回 {1} ms',
  '{} of {} {} answered{}': '{2} 個目標中有 {1} 個回應{4}',
  'Some peers answer no OPTIONS: if calls go through all the same, set health.interval to 0. Else look for a firewall.':
    '有些對端不回應 OPTIONS：若通話仍正常，請將 health.interval 設為 0；否則請檢查防火牆。',
  'The peer is there and does not serve: ask it why.': '對端存在但不提供服務：請詢問原因。',
  'not reached': '無法連線',
  'the trunk does not register': '此中繼線不註冊',
  'Start it: `tandem run` registers.': '請啟動它：由 `tandem run` 註冊。',
  'the running program does not register it': '執行中的程式沒有註冊它',
  'It runs by an older file: restart it.': '程式使用較舊的檔案執行：請重新啟動。',
  'no answer': '沒有回應',
  'it sees us as {}: a NAT lies between': '它看到的本系統位址為 {1}：中間有 NAT',
  'next REGISTER in {}': '{1} 後再次註冊',
  'no answer within {} s': '{1} 秒內沒有回應',
  'Look at the registrar, its address and the way there.': '請檢查註冊伺服器、其位址與通往該處的路徑。',
  'no program runs': '沒有執行中的程式',
  '{} failed too': '{1} 也失敗',
  '{} does not work: {}: {}{}': '{1} 無法使用：{2}：{3}{4}',
  '{} with a warning': '其中 {1} 步有警告',
  'not tried, as no program runs: {}': '因沒有執行中的程式而未測試：{1}',
  '{} works: {} {} passed{}{}': '{1} 正常：{2} 個步驟通過{4}',
  'no target speaks TLS': '沒有使用 TLS 的目標',
  '{} {} trusted': '已信任 {1}',
  'no certificate of ours, should it be asked for': '若要求憑證，本系統沒有可出示的',
  '{} days left': '尚餘 {1} 天',
  'our certificate, should it be asked for: {}{}': '若要求憑證，本系統出示：{1}{2}',
  'no connection: {}': '沒有連線：{1}',
  'the peer closed the connection right after the handshake: it may not take our certificate':
    '對端在交握後立即關閉連線：可能不接受本系統的憑證',
  'no alternative names': '沒有替代名稱',
  'issued by {}, until {}': '由 {1} 簽發，有效至 {2}',
  'no handshake': '沒有完成交握',
};
