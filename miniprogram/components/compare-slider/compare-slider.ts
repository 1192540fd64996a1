// Before and after, one laid over the other: the handle is dragged, a tap on the pictures opens them large.
const MIDDLE = 50
const MOST = 100

type Touch = WechatMiniprogram.TouchEvent

Component({
  properties: {
    before: { type: String, value: '' },
    after: { type: String, value: '' },
  },
  data: { at: MIDDLE },
  methods: {
    onTake() {
      this.createSelectorQuery()
        .select('.stage')
        .boundingClientRect((box) => {
          Object.assign(this, { box })
        })
        .exec()
    },
    onDrag(event: Touch) {
      const { box } = this as unknown as { box?: { left: number; width: number } }
      const x = event.touches[0]?.clientX
      if (!box?.width || x === undefined) return
      const share = ((x - box.left) / box.width) * MOST
      this.setData({ at: Math.round(Math.min(MOST, Math.max(0, share))) })
    },
    onLook() {
      const { before, after, at } = this.data
      void wx.previewImage({ current: at >= MIDDLE ? before : after, urls: [before, after] })
    },
  },
})
