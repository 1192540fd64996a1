import { looks } from '../../../../behaviors/looks'
import { addressOf } from '../../../../services/config'
import { dropFile } from '../../../../services/deeds'
import { get } from '../../../../services/door'
import { keepEvidence } from '../../../../services/keeping_evidence'
import { largest } from '../../../../services/ledger'
import { Observation, Recheck } from '../../../../services/observations'
import { keepSeen, lackingIn, MOST_PHOTOS, Seen, seenOf, sendRechecks } from '../../../../services/rechecking'
import { tell, Trouble, troubleOf } from '../../../../services/refusal'
import { takePhotos } from '../../../../services/taking_photos'

type Tapped = WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { answer: Seen['answer'] }>

Page({
  behaviors: [looks],
  data: {
    id: '',
    recheck: null as Recheck | null,
    before: '',
    after: '',
    seen: null as Seen | null,
    strip: [] as object[],
    most: MOST_PHOTOS,
    lacks: '',
    sending: false,
    trouble: null as Trouble | null,
  },
  onLoad({ id = '' }: { id?: string }) {
    this.setData({ id })
    this.change(seenOf(id))
    void this.load()
  },
  onAgain() {
    void this.load()
  },
  async load() {
    try {
      const { recheck } = await get<Observation>(`/observations/${this.data.id}`)
      this.setData({ recheck, before: srcOf(recheck?.before), after: srcOf(recheck?.after), trouble: null })
    } catch (error) {
      this.setData({ trouble: troubleOf(error) })
    }
  },
  change(changes: Partial<Seen>) {
    const seen = { ...this.data.seen!, ...changes }
    if (this.data.seen) keepSeen(seen)
    this.setData({ seen, lacks: lackingIn(seen), strip: seen.photos.map((one) => ({ key: one.sha256, src: one.path, words: '' })) })
  },
  onAnswer(event: Tapped) {
    this.change({ answer: event.currentTarget.dataset.answer, trouble: '' })
  },
  onWords(event: WechatMiniprogram.Input) {
    this.change({ words: event.detail.value, trouble: '' })
  },
  async onAdd() {
    const there = this.data.seen!.photos
    try {
      const taken = await takePhotos(MOST_PHOTOS - there.length)
      if (taken.length) this.change({ photos: keepEvidence(taken, 'after', there).slice(0, MOST_PHOTOS) })
    } catch (error) {
      await tell(error)
    }
  },
  onDrop(event: WechatMiniprogram.CustomEvent<{ key: string }>) {
    const { photos } = this.data.seen!
    photos.filter((one) => one.sha256 === event.detail.key).forEach(dropFile)
    this.change({ photos: photos.filter((one) => one.sha256 !== event.detail.key) })
  },
  onLookAt(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { src: string }>) {
    void wx.previewImage({ current: event.currentTarget.dataset.src, urls: [this.data.before, this.data.after].filter(Boolean) })
  },
  async onSubmit() {
    const { seen, lacks, sending } = this.data
    if (lacks || sending || !seen) return
    const isSolved = seen.answer === 'solved'
    const asked = await wx.showModal({
      title: isSolved ? '确认：解决了？' : '确认：没解决？',
      content: isSolved ? '提交后不能修改。' : '提交后改革办会复核，不能修改。',
      confirmText: '提交',
      cancelText: '再看看',
    })
    if (!asked.confirm) return
    this.setData({ sending: true })
    this.change({ isQueued: true, trouble: '' })
    await sendRechecks()
    const left = seenOf(this.data.id)
    this.setData({ sending: false })
    if (left.trouble) return this.change(left)
    void wx.showToast({ title: left.isQueued ? '已保存在手机上，联网后自动提交。' : '谢谢，改革办收到了。', icon: 'none' })
    await wx.navigateBack()
  },
})

function srcOf(links: Recheck['before'] | undefined): string {
  return links?.length ? addressOf(largest(links)) : ''
}
