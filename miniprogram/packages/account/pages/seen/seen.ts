import { looks } from '../../../../behaviors/looks'
import { call } from '../../../../services/http'
import { Trouble, troubleOf } from '../../../../services/refusal'
import { shelf } from '../../../../services/store'

interface Tier {
  value: string
  label: string
  promise: string
  is_offered: boolean
  lines: { who: string; sees: boolean; words: string }[]
}
interface Tiers {
  tiers: Tier[]
  cannot: string[]
}
const kept = shelf<Tiers | null>('anonymity-tiers', null)

Page({
  behaviors: [looks],
  data: { tiers: [] as Tier[], cannot: [] as string[], shown: 'hidden', trouble: null as Trouble | null },
  onLoad() {
    this.draw(kept.get())
    void this.load()
  },
  draw(told: Tiers | null) {
    if (told) this.setData({ ...told, trouble: null })
  },
  async load() {
    try {
      const told = await call<Tiers>({ method: 'GET', path: '/api/v1/anonymity-tiers' })
      kept.set(told)
      this.draw(told)
    } catch (error) {
      if (!kept.get()) this.setData({ trouble: troubleOf(error) })
    }
  },
  onAgain() {
    void this.load()
  },
  onTier(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { value: string }>) {
    this.setData({ shown: event.currentTarget.dataset.value })
  },
})
