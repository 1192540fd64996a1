import { agree } from '../../services/account'

// WeChat asks before photos and places are used for the first time; all that waits gets the same answer.
type Answer = { event: 'agree' | 'disagree'; buttonId?: string }
type Resolve = (answer: Answer) => void
let waiting: Resolve[] = []

Component({
  data: { visible: false },
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
      const listener = (resolve: Resolve): void => {
        waiting.push(resolve)
        this.setData({ visible: true })
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
      const content = '没有同意，就不能拍照和定位；可以先写文字，存在手机上。想好了，再点“拍照上报”或“加照片”，会重新问您。'
      void wx.showModal({ title: '照片和位置没有使用', content, showCancel: false, confirmText: '知道了' })
    },
    answer(answer: Answer) {
      this.setData({ visible: false })
      const all = waiting
      waiting = []
      all.forEach((resolve) => resolve(answer))
    },
  },
})
