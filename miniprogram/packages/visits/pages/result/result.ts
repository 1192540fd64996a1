import { looks } from '../../../../behaviors/looks'
import { receiptsIn } from '../../../../services/ballots'
import { Trouble, troubleOf } from '../../../../services/refusal'
import { result, VisitResult } from '../../../../services/visits'

const UNTOLD = '这部手机上没有存您的回执，没法逐张核对；张数仍以上面为准。'

Page({
  behaviors: [looks],
  data: { id: '', told: null as VisitResult | null, checked: '', isWhole: true, opened: '', trouble: null as Trouble | null },
  onLoad({ id = '' }: { id?: string }) {
    this.setData({ id })
  },
  onShow() {
    void this.load()
  },
  async load() {
    try {
      const told = await result(this.data.id)
      this.setData({ told, trouble: null, ...checkedIn(this.data.id, told) })
    } catch (error) {
      this.setData({ trouble: troubleOf(error) })
    }
  },
  onWhy(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { entry: string }>) {
    const { entry } = event.currentTarget.dataset
    this.setData({ opened: this.data.opened === entry ? '' : entry })
  },
  onAgain() {
    void this.load()
  },
})

/** Which ballots are one's own only this phone knows; it compares their receipts with the published list. */
function checkedIn(id: string, told: VisitResult): { checked: string; isWhole: boolean } {
  if (told.counted === null) return { checked: '', isWhole: true }
  const { here, found } = receiptsIn(id, told.digests)
  if (!here) return { checked: UNTOLD, isWhole: true }
  if (found === here) return { checked: `这部手机上的 ${here} 张回执，都在公布的清单里。`, isWhole: true }
  return { checked: `这部手机上有 ${here} 张回执，清单里只找到 ${found} 张。请带着手机联系组织单位。`, isWhole: told.not_counted !== 0 }
}
