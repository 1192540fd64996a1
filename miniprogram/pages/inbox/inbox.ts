import { looks } from '../../behaviors/looks'
import { tab } from '../../behaviors/tab'
import { keptMessages, lineOf, markAllRead, markRead, MessageLine, MessagePage, messages } from '../../services/messages'
import { tell, wordsOf } from '../../services/refusal'
import { noteUnread } from '../../services/unread'

Page({
  behaviors: [looks, tab],
  data: { items: [] as MessageLine[], unread: 0, cursor: null as string | null, loaded: false, trouble: '' },
  onShow() {
    void this.load()
  },
  async onPullDownRefresh() {
    await this.load()
    await wx.stopPullDownRefresh()
  },
  async load(cursor: string | null = null) {
    try {
      this.show(await messages(cursor), cursor ? this.data.items : [])
    } catch (error) {
      const last = keptMessages()
      if (!this.data.loaded && last) this.show({ ...last, cursor: null }, [])
      this.setData({ trouble: `${wordsOf(error).title}${this.data.loaded ? '下面是上次看到的消息。' : '有信号后下拉刷新。'}` })
    }
  },
  show(page: MessagePage, before: MessageLine[]) {
    noteUnread(page.unread)
    this.setData({ items: [...before, ...page.items.map(lineOf)], unread: page.unread, cursor: page.cursor, loaded: true, trouble: '' })
  },
  async onOpen(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { id: string }>) {
    const at = this.data.items.findIndex((one) => one.id === event.currentTarget.dataset.id)
    const message = this.data.items[at]!
    if (message.isNew) {
      const unread = Math.max(0, this.data.unread - 1)
      noteUnread(unread)
      this.setData({ [`items[${at}].isNew`]: false, unread })
      void markRead(message.id).catch(() => undefined) // read again next time; nothing is lost
    }
    await wx.navigateTo({ url: message.url })
  },
  async onAllRead() {
    try {
      this.show(await markAllRead(this.data.items[0]!.madeAt), [])
    } catch (error) {
      await tell(error)
    }
  },
  onMore() {
    void this.load(this.data.cursor)
  },
})
