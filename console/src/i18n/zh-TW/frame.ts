import type { Texts } from '../en/index.ts';

export const frame: Pick<
  Texts,
  | 'groups'
  | 'pages'
  | 'layout'
  | 'roles'
  | 'common'
  | 'palette'
  | 'shortcuts'
  | 'connection'
  | 'leaving'
  | 'pending'
  | 'signIn'
  | 'invitation'
> = {
  groups: {
    now: '運作狀況',
    rules: '規則',
    house: '本系統',
  },
  pages: {
    home: '目前狀況',
    calls: '通話',
    trunks: '中繼線',
    map: '拓樸圖',
    records: '通話紀錄',
    copies: '通話複本',
    configuration: '設定',
    history: '歷程',
    routing: '路由',
    numbers: '號碼',
    emergency: '緊急通話',
    wizard: '新增中繼線',
    planning: '容量規劃',
    certificates: '憑證',
    bans: '封鎖清單',
    users: '使用者',
    webhooks: 'Webhook',
    access: '存取權限',
    audit: '稽核紀錄',
    me: '我的帳號',
  },
  layout: {
    skip: '跳至內容',
    menu: '選單',
    language: '語言',
    scheme: '淺色或深色',
    auto: '依系統設定',
    light: '淺色',
    dark: '深色',
    signOut: '登出',
  },
  roles: {
    viewer: '檢視者：可檢視所有內容',
    operator: '操作員：可操作通話與中繼線',
    administrator: '管理員：可變更所有內容',
  },
  common: {
    loading: '載入中…',
    retry: '再試一次',
    wrong: '未能完成',
    forbidden: '您沒有這項權限',
    close: '關閉',
    cancel: '取消',
    more: '更多',
    all: '全部',
    yes: '是',
    no: '否',
    notMeasured: '未測量',
    colon: '：',
    clause: '；',
    comma: '、',
    time: '時間',
    unknown: '未知',
    noPage: '找不到此頁面',
    noPageNote: '內容已不存在，或網址輸入有誤。',
  },
  palette: {
    open: '搜尋',
    search: '頁面、中繼線、號碼或通話',
    nothing: '沒有結果',
    records: '在通話紀錄中搜尋「{{text}}」',
  },
  shortcuts: {
    title: '快速鍵',
    palette: '搜尋所有內容',
    help: '顯示此說明',
    note: '在表格中以方向鍵移動，按 Enter 開啟。',
  },
  connection: {
    away: '自 {{at}} 起未連線：伺服器沒有回應。',
    awayNote: '畫面內容停留在當時的狀態，且無法變更。伺服器恢復回應後會自動繼續。',
    lost: '自 {{at}} 起收不到信令程序的消息。',
    lostNote: '通話、中繼線與統計數字停留在當時的狀態；設定、紀錄與歷程仍為最新。恢復後會自動繼續。',
    slow: '自 {{at}} 起未收到即時事件。',
    slowNote: '畫面改為每隔數秒查詢一次。中間的設備可能不允許事件串流通過。',
    newer: '目前執行的是 {{version}} 版。',
    reload: '載入',
  },
  leaving: {
    title: '要放棄輸入的內容嗎？',
    note: '這些內容尚未保存：既不在您的草稿中，也不在檔案中。',
    go: '放棄並離開',
  },
  pending: {
    title: '待套用的變更',
    draft_one: '有 1 項變更尚未提交。',
    draft_other: '有 {{count}} 項變更尚未提交。',
    errors_one: '您的變更有 1 個錯誤。',
    errors_other: '您的變更有 {{count}} 個錯誤。',
    outdated: '您開始編輯後，設定檔已被更改。',
    file_one: '設定檔與執行中的設定有 1 項不同。',
    file_other: '設定檔與執行中的設定有 {{count}} 項不同。',
    unsound: '設定檔有錯誤：目前執行的是先前的設定。',
    look: '查看',
  },
  signIn: {
    title: '登入',
    name: '名稱',
    password: '密碼',
    show: '顯示密碼',
    code: '一次性密碼',
    codeNote: '應用程式中的六位數字。',
    recoveryCode: '復原碼',
    recoveryNote: '您保存的復原碼之一，例如 3v7k-0qzm-x2ta-9dpf。僅可使用一次。',
    noTelephone: '手機不在身邊',
    telephone: '改用手機',
    recovered_one: '您已使用復原碼登入，尚餘 {{count}} 組。',
    recovered_other: '您已使用復原碼登入，尚餘 {{count}} 組。',
    over: '您的登入階段已結束',
    overNote: '請重新登入：先前的頁面與您輸入的內容仍保留在後面。',
    failed: '未能登入',
    or: '或',
    oidc: '以組織帳號登入',
    newTitle: '尚無任何帳號',
    new: '程式啟動時會印出一個連結，用來建立第一位管理員；該連結也在其日誌中。',
  },
  invitation: {
    title: '邀請',
    first: '建立第一位管理員',
    welcome: '歡迎，{{name}}',
    rule: '至少 12 個字元。只有您知道的一句話最好。',
    again: '再次輸入密碼',
    differs: '兩次輸入不一致。',
    take: '開始',
  },
};
