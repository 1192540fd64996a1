import { looks } from '../../../../behaviors/looks'
import { askToLeave, fetchOwnData, OwnData, ownData, stay } from '../../../../services/account'
import { tell, wordsOf } from '../../../../services/refusal'
import { dayWords } from '../../../../services/words'

Page({
  behaviors: [looks],
  data: { own: null as OwnData | null, leaves: '', exporting: false, file: '', trouble: '' },
  onLoad() {
    void this.load()
  },
  async load() {
    try {
      this.draw(await ownData())
    } catch (error) {
      this.setData({ trouble: wordsOf(error).title })
    }
  },
  draw(own: OwnData) {
    this.setData({ own, leaves: own.profile.leaves_on ? dayWords(own.profile.leaves_on) : '', trouble: '' })
  },
  async onExport() {
    if (this.data.exporting) return
    this.setData({ exporting: true })
    try {
      const file = await fetchOwnData()
      this.setData({ file })
      await wx.openDocument({ filePath: file, fileType: 'xlsx', showMenu: true })
    } catch (error) {
      await tell(error)
    }
    this.setData({ exporting: false })
  },
  async onLeave() {
    const content = '七天后生效，在这之前可以取消。没有处理的上报会撤回；已经挂号的事项留在工作档案里，但不再对应到您。'
    const { confirm } = await wx.showModal({ title: '撤回同意并注销？', content, confirmText: '注销', cancelText: '先不注销' })
    if (confirm) await this.keep(askToLeave())
  },
  async onStay() {
    await this.keep(stay())
  },
  async keep(asked: Promise<OwnData>) {
    try {
      this.draw(await asked)
    } catch (error) {
      await tell(error)
    }
  },
})
