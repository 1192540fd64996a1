import { looks } from '../../../../behaviors/looks'
import { askWithin, prepare } from '../../../../services/asking'
import { addressOf } from '../../../../services/config'
import { newId } from '../../../../services/ids'
import { largest } from '../../../../services/ledger'
import { Refusal, tell, Trouble, troubleOf } from '../../../../services/refusal'
import { claim, join, letGo, Review, reviews, see, undo } from '../../../../services/reviews'
import { momentWords } from '../../../../services/words'

const NOT_TO_BE_CLAIMED = 409 // in another hand, or decided

Page({
  behaviors: [looks],
  data: {
    id: '',
    review: null as Review | null,
    received: '',
    pictures: [] as { key: string; src: string }[],
    away: 0,
    alike: [] as object[],
    mayDecide: false,
    mayUndo: false,
    more: false,
    trouble: null as Trouble | null,
  },
  onLoad({ id = '' }: { id?: string }) {
    this.setData({ id })
    void prepare('reviewed')
  },
  onShow() {
    void this.load()
  },
  onUnload() {
    if (this.data.mayDecide) void letGo(this.data.id)
  },
  onAgain() {
    void this.load()
  },
  async load() {
    try {
      this.draw(await claim(this.data.id).catch(withoutClaim(this.data.id)))
    } catch (error) {
      this.setData({ trouble: troubleOf(error) })
    }
  },
  draw(review: Review) {
    const shown = review.photos.filter((photo) => photo.links.length)
    this.setData({
      review,
      received: momentWords(review.received_at),
      pictures: shown.map((photo) => ({ key: photo.sha256, src: addressOf(largest(photo.links)) })),
      away: review.photos.length - shown.length,
      alike: review.alike.map((one, key) => ({ key, text: one.text, why: one.reasons.join('，'), item_id: one.item_id, number: one.ledger_number })),
      mayDecide: review.is_open && !review.claimed_by,
      mayUndo: review.line.state === 'registered',
      trouble: null,
    })
  },
  onLook(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { src: string }>) {
    void wx.previewImage({ current: event.currentTarget.dataset.src, urls: this.data.pictures.map((one) => one.src) })
  },
  onMore() {
    this.setData({ more: true })
  },
  onAccept() {
    this.goOn(`/packages/review/pages/accept/accept?id=${this.data.id}`)
  },
  onAsk() {
    this.goOn(`/packages/review/pages/reply/reply?id=${this.data.id}&how=questions`)
  },
  onDecline() {
    this.goOn(`/packages/review/pages/reply/reply?id=${this.data.id}&how=refusals`)
  },
  goOn(url: string) {
    void wx.navigateTo({ url })
  },
  async onJoin(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { item: string }>) {
    const { item } = event.currentTarget.dataset
    const asked = askWithin('reviewed')
    try {
      const joined = await join(this.data.id, await newId(), { version: this.data.review!.version, item_id: item })
      await asked
      void wx.showToast({ title: joined.words, icon: 'none' })
    } catch (error) {
      await tell(error)
    }
    void this.load()
  },
  async onUndo() {
    try {
      this.draw(await undo(this.data.id, await newId()))
      void wx.showToast({ title: '已撤销受理，重新审核。', icon: 'none' })
    } catch (error) {
      await tell(error)
    }
  },
  async onNext() {
    try {
      const { items } = await reviews('waiting')
      const next = items.find((one) => one.id !== this.data.id)
      if (next) void wx.redirectTo({ url: `/packages/review/pages/report/report?id=${next.id}` })
      else await wx.showToast({ title: '都审完了。', icon: 'none' })
    } catch (error) {
      await tell(error)
    }
  },
})

/** What another has in hand, or what is decided, can still be looked at. */
function withoutClaim(id: string): (error: unknown) => Promise<Review> {
  return (error) => {
    if (error instanceof Refusal && error.status === NOT_TO_BE_CLAIMED) return see(id)
    throw error
  }
}
