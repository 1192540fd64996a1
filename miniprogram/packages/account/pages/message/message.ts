import { looks } from '../../../../behaviors/looks'
import { keptMessage, markRead, Message, nextOf } from '../../../../services/messages'
import { Trouble, troubleOf } from '../../../../services/refusal'
import { momentWords } from '../../../../services/words'

Page({
  behaviors: [looks],
  data: { id: '', title: '', body: '', at: '', next: '', toWork: false, trouble: null as Trouble | null },
  onLoad({ id = '' }: { id?: string }) {
    this.setData({ id })
    const kept = keptMessage(id)
    if (kept) this.draw(kept)
    void this.load()
  },
  async load() {
    try {
      this.draw(await markRead(this.data.id))
    } catch (error) {
      if (!this.data.title) this.setData({ trouble: troubleOf(error) })
    }
  },
  draw(message: Message) {
    const { title, body } = message
    this.setData({ title, body, at: momentWords(message.created_at), next: nextOf(message), toWork: message.subject_kind === 'person', trouble: null })
  },
  onAgain() {
    void this.load()
  },
  onWork() {
    void wx.switchTab({ url: '/pages/ledger/ledger' })
  },
})
