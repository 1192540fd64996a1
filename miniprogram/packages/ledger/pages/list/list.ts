import { looks } from '../../../../behaviors/looks'
import { items, Light, LIGHTS, ItemRow, STATES } from '../../../../services/ledger'
import { Trouble, troubleOf } from '../../../../services/refusal'

const TITLES: Record<string, string> = { close_out: '待我审核的销号', extension: '待我审核的延期', retention_asked: '待我审核的留号', retention: '该复核的留号', unsolved: '上报人说没解决' }

Page({
  behaviors: [looks],
  data: {
    todo: '',
    q: '',
    light: '' as Light | '',
    lights: LIGHTS,
    states: STATES,
    stateAt: 0,
    items: [] as ItemRow[],
    cursor: null as string | null,
    total: 0,
    loaded: false,
    trouble: null as Trouble | null,
  },
  onLoad({ todo = '' }: { todo?: string }) {
    this.setData({ todo })
    if (todo) void wx.setNavigationBarTitle({ title: TITLES[todo] ?? '台账' })
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
    const { q, light, todo, states, stateAt } = this.data
    try {
      const page = await items({ q: q.trim(), light, todo, state: states[stateAt]!.value, cursor })
      const before = cursor ? this.data.items : []
      this.setData({ items: [...before, ...page.items], cursor: page.cursor, total: page.total, loaded: true, trouble: null })
    } catch (error) {
      this.setData({ trouble: troubleOf(error) })
    }
  },
  onWords(event: WechatMiniprogram.Input) {
    this.setData({ q: event.detail.value })
  },
  onSearch() {
    void this.load()
  },
  onLight(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { value: Light }>) {
    const { value } = event.currentTarget.dataset
    this.setData({ light: this.data.light === value ? '' : value })
    void this.load()
  },
  onState(event: WechatMiniprogram.PickerChange) {
    this.setData({ stateAt: Number(event.detail.value) })
    void this.load()
  },
  onMore() {
    void this.load(this.data.cursor)
  },
})
