import { looks } from '../../../../behaviors/looks'
import { Problem, problem } from '../../../../services/problems'
import { Trouble, troubleOf } from '../../../../services/refusal'
import { dayOfMomentWords, dayWords, momentWords } from '../../../../services/words'

Page({
  behaviors: [looks],
  data: { id: '', told: null as Problem | null, agenda: [] as object[], timeline: [] as object[], trouble: null as Trouble | null },
  onLoad({ id = '' }: { id?: string }) {
    this.setData({ id })
    void this.load()
  },
  async load() {
    try {
      const told = await problem(this.data.id)
      this.setData({
        told,
        agenda: told.agenda.map((one, key) => ({ ...one, key, on: one.decided_on ? dayWords(one.decided_on) : '' })),
        timeline: told.timeline.map((one, key) => ({ key, words: one.words, at: one.day_only ? dayOfMomentWords(one.at) : momentWords(one.at) })).reverse(),
        trouble: null,
      })
    } catch (error) {
      this.setData({ trouble: troubleOf(error) })
    }
  },
  onAgain() {
    void this.load()
  },
  onItem() {
    void wx.navigateTo({ url: `/packages/ledger/pages/item/item?id=${this.data.told!.ledger_item_id}` })
  },
})
