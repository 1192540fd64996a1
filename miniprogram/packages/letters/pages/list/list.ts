import { looks } from '../../../../behaviors/looks'
import { LETTER_LISTS, LetterRow, letters, toneOf } from '../../../../services/letters'
import { Trouble, troubleOf } from '../../../../services/refusal'
import { dayWords } from '../../../../services/words'

interface Row {
  id: string
  line: LetterRow
  tone: string
  on: string
}

Page({
  behaviors: [looks],
  data: { todo: '', item: '', rows: [] as Row[], cursor: null as string | null, loaded: false, trouble: null as Trouble | null },
  onLoad({ todo = '', item = '' }: { todo?: string; item?: string }) {
    this.setData({ todo, item })
    if (todo) void wx.setNavigationBarTitle({ title: LETTER_LISTS[todo] ?? '函件' })
  },
  onShow() {
    void this.load()
  },
  async onPullDownRefresh() {
    await this.load()
    await wx.stopPullDownRefresh()
  },
  onAgain() {
    void this.load()
  },
  async load(cursor: string | null = null) {
    try {
      const page = await letters({ todo: this.data.todo, item_id: this.data.item, cursor })
      const rows = page.items.map((line) => ({ id: line.id, line, tone: toneOf(line), on: line.issued_on ? dayWords(line.issued_on) : '未签发' }))
      this.setData({ rows: [...(cursor ? this.data.rows : []), ...rows], cursor: page.cursor, loaded: true, trouble: null })
    } catch (error) {
      this.setData({ trouble: troubleOf(error) })
    }
  },
  onOpen(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { id: string }>) {
    void wx.navigateTo({ url: `/packages/letters/pages/letter/letter?id=${event.currentTarget.dataset.id}` })
  },
  onMore() {
    void this.load(this.data.cursor)
  },
})
