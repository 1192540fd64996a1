import { looks } from '../../behaviors/looks'
import { agree } from '../../services/account'

// WeChat asks before photos, places and the clipboard are used for the first time; all that waits gets the same answer.
type Answer = { event: 'agree' | 'disagree'; buttonId?: string }
type Resolve = (answer: Answer) => void
interface Asked {
  title: string
  text: string
  refused: string
  then: string
}
let waiting: Resolve[] = []

const FOR_PHOTOS: Asked = {
  title: '使用照片和位置前，请您同意',
  text: '照片和位置只用于您这次上报。谁上报的，单位和公众都看不到。',
  refused: '照片和位置没有使用',
  then: '没有同意，就不能拍照和定位；可以先写文字，存在手机上。想好了，再点“拍照上报”或“加照片”，会重新问您。',
}
const FOR_COPYING: Asked = {
  title: '复制编号前，请您同意',
  text: '只把编号放进手机的剪贴板，剪贴板里原有的内容我们不看。',
  refused: '编号没有复制',
  then: '没有同意，就不能复制；编号可以记下来，或截一张图。想好了，再点编号，会重新问您。',
}

Component({
  behaviors: [looks],
  data: { visible: false, ask: FOR_PHOTOS },
  pageLifetimes: {
    show() {
      this.listen()
    },
  },
  lifetimes: {
    attached() {
      this.listen()
    },
  },
  methods: {
    listen() {
      const listener = (resolve: Resolve, { referrer = '' } = {}): void => {
        waiting.push(resolve)
        this.setData({ visible: true, ask: /ClipboardData$/.test(referrer) ? FOR_COPYING : FOR_PHOTOS })
      }
      // The typings give the listener a plain result; the documentation and the phone give it `resolve`.
      wx.onNeedPrivacyAuthorization(listener as unknown as Parameters<typeof wx.onNeedPrivacyAuthorization>[0])
    },
    onRead() {
      void wx.openPrivacyContract({})
    },
    onAgree() {
      void agree().catch(() => undefined) // the office notes when it was agreed; without a network it is asked again
      this.answer({ event: 'agree', buttonId: 'agree' })
    },
    onRefuse() {
      this.answer({ event: 'disagree' })
      const { refused, then } = this.data.ask
      void wx.showModal({ title: refused, content: then, showCancel: false, confirmText: '知道了' })
    },
    answer(answer: Answer) {
      this.setData({ visible: false })
      const all = waiting
      waiting = []
      all.forEach((resolve) => resolve(answer))
    },
  },
})
