import { describe, expect, test } from 'vitest';
import { reading } from '../../console/src/i18n/said/book.ts';
import { book, chapters } from '../../console/src/i18n/zh-TW/book/index.ts';
import { descriptions, sentences } from './book.ts';

const keys: Readonly<Record<string, string>> = {
  ...chapters.trunkKeys,
  ...chapters.organisationKeys,
  ...chapters.programKeys,
};
const { words, trunkKeys, organisationKeys, programKeys, ...spoken } = chapters;
const told: Readonly<Record<string, string>> = Object.assign({}, ...Object.values(spoken));

/** Of a report as text, of an address of one's own making, of what stands in the file: the console does not show them so. */
const unseen = [
  /^(INVITE to|REGISTER) \{\} /,
  /^it is for \{\}$|^nearly: /,
  /^\{\} packets of \{\}: a tone/,
  /^re-INVITE with a=(inactive|sendrecv)$/,
  /^(call \{\}, from trunk|decision:|attempt:|certificate \{\}: ) ?\{\}/,
  /^(priority|order) \{\} (weight|preference) /,
  /; good for \{\} s$/,
  /^(Service-Route|Contact|Path|Reason): \{\}$/,
  /^\{\}: (it takes|no answer)/,
  /^(the pattern is not sound|left out): $/,
  /^[aA]s the `registrar` has it unless given\.?$|^[nN]one unless given\.?$/,
  /^(prefixes|rates|hold) \{\}$|^\{\} entries$|^\{\} has no \{\}$/,
];

/** So little of it stands fast that it would be found in what is something else. */
const isTelling = (text: string) => !text.includes('{}') || text.replaceAll(/\{\}|[^a-z]/gi, '').length >= 7;

describe('the book of Traditional Chinese', () => {
  test('has what each key of the configuration means, and nothing that none means', () => {
    const meant = [...descriptions()];
    expect(meant.filter((text) => !keys[text])).toEqual([]);
    expect(Object.keys(keys).filter((text) => !meant.includes(text))).toEqual([]);
  });

  test('has what is found, tested, planned and refused, and nothing that is not', () => {
    const said = sentences();
    const wanted = [...said].filter(([text]) => isTelling(text) && !unseen.some((one) => one.test(text)));
    expect(wanted.filter(([text]) => !told[text] && !keys[text])).toEqual([]);
    expect(Object.keys(told).filter((text) => !said.has(text))).toEqual([]);
  });

  test('puts what varies where it belongs, and none that is not there', () => {
    const wrong = Object.entries(told).filter(([text, translation]) => {
      const there = text.split('{}').length - 1;
      return [...translation.matchAll(/\{(\d)\}/g)].some(([, at]) => Number(at) < 1 || Number(at) > there);
    });
    expect(wrong).toEqual([]);
  });

  test('is written as Taiwan writes', () => {
    // Words of the mainland, and punctuation that is not of Chinese between Chinese.
    const foreign =
      /服務器|網絡|信息|默認|軟件|硬件|用戶名|賬|視頻|音頻流|數據包|端口|域名|登錄|日志|分機號|代理服务|文件夾|程序員|激活|支持(?!者)|[\u4e00-\u9fff][,;:!?](?![\w/])|[\u4e00-\u9fff]\.$|[\u4e00-\u9fff]\(/;
    expect(Object.values(book).filter((text) => foreign.test(text))).toEqual([]);
  });
});

describe('a sentence is read', () => {
  const read = reading(book);
  test.each([
    ['there is no key `adresses` here.', '此處沒有項目 `adresses`。'],
    ['trunk "itsp-a" has 203.0.113.10 already.', '中繼線「itsp-a」已使用 203.0.113.10。'],
    [
      '/etc/tandem/sbc.pem cannot be read: part of the path is not a directory.',
      '無法讀取 /etc/tandem/sbc.pem：路徑的一部分不是目錄。',
    ],
    [
      'against teams, transport-info.transport: the peer takes tls, not udp.',
      '違反 teams 的 transport-info.transport：對端接受 tls，而非 udp。',
    ],
    [
      'TDM-1116: "300" is not the length of a prefix. Write 198.51.100.0/24 or 2001:db8::/32.',
      'TDM-1116：「300」不是網段的前綴長度。請寫 198.51.100.0/24 或 2001:db8::/32。',
    ],
    ['1 of 2 targets answered, 18 ms there and back', '2 個目標中有 1 個回應，來回 18 ms'],
    [
      "itsp does not work: TLS: the peer's certificate is for gw1; wanted sip.itsp.example; Call failed too",
      'itsp 無法使用：TLS：對端的憑證屬於 gw1；應為 sip.itsp.example；通話也失敗',
    ],
    [
      'itsp works: 6 steps passed, 1 with a warning; no call was made',
      'itsp 正常：6 個步驟通過，其中 1 步有警告；未撥打通話',
    ],
    [
      '64 G.711 + 16 IP, UDP and RTP at 20 ms a packet + 4 RTCP',
      '64 G.711 + 16 IP、UDP 與 RTP（每封包 20 ms） + 4 RTCP',
    ],
  ])('%s', (text, translation) => {
    expect(read(text)).toBe(translation);
  });

  test('what is not known stays as it is', () => {
    for (const text of ['the moon is full', 'itsp, pbx, gateway', '+886 2 2345 6789', 'sip:a@b.example; transport=tcp'])
      expect(read(text)).toBeUndefined();
  });
});
