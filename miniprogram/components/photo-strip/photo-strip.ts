// Photos side by side: of a draft (may be added to and taken from) or of a report at the office (only looked at).
export interface StripPhoto {
  key: string
  src: string
  words: string
}

Component({
  properties: {
    photos: { type: Array, value: [] as StripPhoto[] },
    most: { type: Number, value: 9 },
    open: { type: Boolean, value: false },
  },
  methods: {
    onAdd() {
      this.triggerEvent('add', {})
    },
    onDrop(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { key: string }>) {
      this.triggerEvent('drop', { key: event.currentTarget.dataset.key })
    },
    onLook(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { src: string }>) {
      const urls = (this.data.photos as StripPhoto[]).map((one) => one.src).filter(Boolean)
      void wx.previewImage({ current: event.currentTarget.dataset.src, urls })
    },
  },
})
