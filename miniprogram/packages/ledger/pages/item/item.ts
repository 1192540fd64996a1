import { looks } from '../../../../behaviors/looks'
import { prepare, askWithin } from '../../../../services/asking'
import { addressOf } from '../../../../services/config'
import { Deed, deedNamed, deedsOf, doDeed } from '../../../../services/deeds'
import { newId } from '../../../../services/ids'
import { Case, caseOf, Evidence, evidenceLabel, item as fetchItem, Item, largest, toneOf } from '../../../../services/ledger'
import { acknowledge, noteOpening, Reminder, remindersOf } from '../../../../services/reminders'
import { tell, Trouble, troubleOf } from '../../../../services/refusal'
import { holds } from '../../../../services/session'
import { dayOfMomentWords, dayWords, momentWords } from '../../../../services/words'

const REMINDED = ['commissioner', 'department_contact', 'leading_official', 'office_staff', 'office_lead']
const UNITS = ['commissioner', 'department_contact']
const ELDER_DEEDS = 1 // and “更多办理”: two choices

Page({
  behaviors: [looks],
  data: {
    id: '',
    item: null as Item | null,
    tone: '',
    summary: '',
    caseId: '',
    until: '',
    reviewOn: '',
    askedAt: '',
    before: [] as string[],
    after: [] as string[],
    deeds: [] as Deed[],
    more: false,
    mayClose: false,
    evidence: [] as object[],
    timeline: [] as object[],
    reminders: [] as Reminder[],
    trouble: null as Trouble | null,
  },
  onLoad({ id = '', m = '' }: { id?: string; m?: string }) {
    this.setData({ id })
    noteOpening(m)
    void prepare('handled')
  },
  onShow() {
    void this.load()
  },
  async onPullDownRefresh() {
    await this.load()
    await wx.stopPullDownRefresh()
  },
  async load() {
    try {
      this.show(await fetchItem(this.data.id))
      if (holds(...REMINDED)) this.setData({ reminders: await remindersOf(this.data.id) })
      if (holds(...UNITS)) this.showCase(await caseOf(this.data.id))
    } catch (error) {
      this.setData({ trouble: troubleOf(error) })
    }
  },
  show(item: Item) {
    const { elder } = this.data as unknown as { elder: boolean }
    const deeds = deedsOf(item)
    const few = elder && deeds.length > ELDER_DEEDS
    this.setData({
      item,
      tone: toneOf(item.light),
      summary: item.summary,
      until: item.extension_asked?.until_on ? dayWords(item.extension_asked.until_on) : '',
      reviewOn: item.retention_asked?.until_on ? dayWords(item.retention_asked.until_on) : '',
      askedAt: item.close_out_asked ? momentWords(item.close_out_asked.asked_at) : '',
      before: item.before.map(largest).filter(Boolean).map(addressOf),
      after: picturesAfter(item).map(addressOf),
      deeds: few ? deeds.slice(0, ELDER_DEEDS) : deeds,
      more: few,
      mayClose: item.open_deeds.includes('request_close_out'),
      evidence: item.evidence.map(evidenceCard),
      timeline: item.timeline
        .map((one, index) => ({ key: index, words: one.words, at: one.day_only ? dayOfMomentWords(one.at) : momentWords(one.at) }))
        .reverse(),
      trouble: null,
    })
  },
  showCase(told: Case | null) {
    if (!told) return
    this.setData({ caseId: told.id, summary: told.summary, before: told.pictures.map(largest).filter(Boolean).map(addressOf) })
  },
  async onKnown() {
    try {
      for (const one of this.data.reminders) await acknowledge(one.id)
      this.setData({ reminders: [] })
    } catch (error) {
      await tell(error)
    }
  },
  onLook(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { src: string; all?: 'before' | 'after' }>) {
    const { src, all } = event.currentTarget.dataset
    void wx.previewImage({ current: src, urls: all ? this.data[all] : [src] })
  },
  onCase() {
    void wx.navigateTo({ url: `/packages/ledger/pages/case/case?id=${this.data.caseId}` })
  },
  onLetters() {
    void wx.navigateTo({ url: `/packages/letters/pages/list/list?item=${this.data.id}` })
  },
  onAgain() {
    void this.load()
  },
  onMoreDeeds() {
    if (this.data.item) this.setData({ deeds: deedsOf(this.data.item), more: false })
  },
  onDeed(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { name: string }>) {
    const deed = deedNamed(event.currentTarget.dataset.name)
    if (!deed) return
    if (deed.needs.length) void wx.navigateTo({ url: `/packages/ledger/pages/deed/deed?id=${this.data.id}&deed=${deed.name}` })
    else void this.doNow(deed)
  },
  async doNow(deed: Deed) {
    const asked = askWithin('handled')
    const form = { key: await newId(), tried: false, version: this.data.item!.version, percent: 0, words: '', until: '', unit: null, days: 0, approved: null, cause: '', photos: [] }
    try {
      this.show(await doDeed(this.data.id, deed, form))
      void wx.showToast({ title: deed.done, icon: 'none' })
    } catch (error) {
      await tell(error)
      void this.load()
    }
    await asked
  },
})

function picturesAfter(item: Item): string[] {
  const last = item.evidence[0]?.photos ?? []
  const sorted = [...last].sort((a, b) => Number(b.kind === 'after') - Number(a.kind === 'after'))
  return sorted.map((one) => largest(one.links)).filter(Boolean)
}

function evidenceCard(one: Evidence): object {
  const pictures = one.photos.map((photo, key) => ({ key, label: evidenceLabel(photo.kind), src: photo.links.length ? addressOf(largest(photo.links)) : '' }))
  return { at: momentWords(one.at), words: one.words, pictures }
}
