import { looks } from '../../../../behaviors/looks'
import { callMe, Profile, profile, removeAvatar, showMe } from '../../../../services/account'
import { tell, wordsOf } from '../../../../services/refusal'
import { dayWords } from '../../../../services/words'

Page({
  behaviors: [looks],
  data: { own: null as Profile | null, joined: '', trouble: '' },
  onLoad() {
    void this.load()
  },
  async load() {
    try {
      this.draw(await profile())
    } catch (error) {
      this.setData({ trouble: wordsOf(error).title })
    }
  },
  draw(own: Profile) {
    this.setData({ own, joined: dayWords(own.joined_on), trouble: '' })
  },
  onAvatar(event: WechatMiniprogram.CustomEvent<{ avatarUrl: string }>) {
    void this.keep(showMe(event.detail.avatarUrl), '头像已换。')
  },
  onNoAvatar() {
    void this.keep(removeAvatar(), '头像已删除。')
  },
  // WeChat checks a nickname after the keyboard closes and clears a refused one; only the form's submit has the truth.
  onSave(event: WechatMiniprogram.FormSubmit) {
    void this.keep(callMe(String(event.detail.value.nickname ?? '').trim()), '昵称已保存。')
  },
  async keep(asked: Promise<Profile>, done: string) {
    try {
      this.draw(await asked)
      void wx.showToast({ title: done, icon: 'none' })
    } catch (error) {
      await tell(error)
    }
  },
})
