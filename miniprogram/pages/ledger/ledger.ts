import { looks } from '../../behaviors/looks'
import { tab } from '../../behaviors/tab'
import { carryEvidence, evidenceWaiting } from '../../services/deeds'
import { items, ItemRow, toDo, ToDo, Waiting } from '../../services/ledger'
import { LETTER_LISTS } from '../../services/letters'
import { wordsOf } from '../../services/refusal'
import { holds, token } from '../../services/session'

const HAVE_TO_DO = ['commissioner', 'department_contact', 'office_staff', 'office_lead']
const LINES_OF_REVIEW = ['waiting', 'overdue']
const ELDER_LINES = 2 // of what waits for the office; the rest is one tap away

Page({
  behaviors: [looks, tab],
  data: { words: '', items: [] as ItemRow[], cursor: null as string | null, waiting: [] as Waiting[], withOffice: 0, photosWaiting: 0, owes: false, trouble: '' },
  onShow() {
    void this.load()
  },
  async onPullDownRefresh() {
    await this.load()
    await wx.stopPullDownRefresh()
  },
  async load() {
    this.setData({ photosWaiting: evidenceWaiting() })
    try {
      await token() // who it is decides what waits for him
      this.setData({ owes: holds(...HAVE_TO_DO, 'leading_official', 'auditor') })
      void wx.setNavigationBarTitle({ title: holds(...HAVE_TO_DO) ? '待办' : '台账' })
      if (holds(...HAVE_TO_DO)) this.show(await toDo())
      else this.setData({ items: (await items({})).items, waiting: (await toDo()).waiting.filter((one) => one.count), trouble: '' })
    } catch (error) {
      this.setData({ trouble: wordsOf(error).title })
      return
    }
    await carryEvidence()
    this.setData({ photosWaiting: evidenceWaiting() })
  },
  show(told: ToDo) {
    const { elder } = this.data as unknown as { elder: boolean }
    const waiting = elder ? told.waiting.filter((one) => one.count).slice(0, ELDER_LINES) : told.waiting
    this.setData({ words: told.words, items: told.items, cursor: told.cursor, waiting, withOffice: told.with_office, trouble: '' })
  },
  async onMore() {
    try {
      const more = await toDo(this.data.cursor)
      this.setData({ items: [...this.data.items, ...more.items], cursor: more.cursor, trouble: '' })
    } catch (error) {
      this.setData({ trouble: wordsOf(error).title })
    }
  },
  onWaiting(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { key: string }>) {
    const { key } = event.currentTarget.dataset
    if (LETTER_LISTS[key]) {
      void wx.navigateTo({ url: `/packages/letters/pages/list/list?todo=${key}` })
      return
    }
    const url = LINES_OF_REVIEW.includes(key) ? `/packages/review/pages/queue/queue?show=${key}` : `/packages/ledger/pages/list/list?todo=${key}`
    void wx.navigateTo({ url })
  },
  onObligations() {
    void wx.navigateTo({ url: '/packages/obligations/pages/list/list' })
  },
  onLetters() {
    void wx.navigateTo({ url: '/packages/letters/pages/list/list' })
  },
  onAll() {
    void wx.navigateTo({ url: '/packages/ledger/pages/list/list' })
  },
})
