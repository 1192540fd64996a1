import { looks } from '../../../../behaviors/looks'
import { answersWaiting, Given, lackingIn, MOST_PHOTOS, putDown, sendAnswers } from '../../../../services/answering'
import { DeedPhoto, dropFile } from '../../../../services/deeds'
import { keepEvidence, overWords } from '../../../../services/keeping_evidence'
import { locate } from '../../../../services/locating'
import { keptMission, mission, Question } from '../../../../services/missions'
import { tell, Trouble, troubleOf } from '../../../../services/refusal'
import { takePhotos } from '../../../../services/taking_photos'

const NOTHING: Given = { passed: null, number: null, text: '', photos: [], place: null }

Page({
  behaviors: [looks],
  data: {
    mission: '',
    id: '',
    question: null as Question | null,
    given: NOTHING,
    amount: '',
    photos: [] as DeedPhoto[],
    strip: [] as object[],
    most: MOST_PHOTOS,
    lacks: '',
    trouble: null as Trouble | null,
  },
  onLoad({ mission: of = '', question = '' }: { mission?: string; question?: string }) {
    this.setData({ mission: of, id: question })
    void this.load()
    void this.findPlace()
  },
  async load() {
    try {
      const told = keptMission(this.data.mission) ?? (await mission(this.data.mission))
      const question = told.stops.flatMap((stop) => stop.questions).find((one) => one.id === this.data.id) ?? null
      const own = answersWaiting(this.data.mission).find((one) => one.question === this.data.id)
      const before = question?.answer ? { ...NOTHING, passed: question.answer.passed, number: question.answer.number, text: question.answer.text } : NOTHING
      const given = own?.given ?? before
      this.setData({ question, trouble: null, amount: given.number === null ? '' : String(given.number) })
      this.change({ ...given, place: this.data.given.place ?? given.place }, own?.photos ?? [])
    } catch (error) {
      this.setData({ trouble: troubleOf(error) })
    }
  },
  /** Where it was answered is evidence and bars nobody: without a place the answer counts too. */
  async findPlace() {
    const found = await locate()
    if ('place' in found) this.change({ place: found.place })
  },
  change(changes: Partial<Given>, taken?: DeedPhoto[]) {
    const photos = taken ?? this.data.photos
    const given = { ...this.data.given, ...changes, photos: photos.map(({ sha256, bytes }) => ({ sha256, bytes })) }
    const { question } = this.data
    this.setData({
      given,
      photos,
      strip: photos.map((one) => ({ key: one.sha256, src: one.path, words: '' })),
      lacks: question ? lackingIn(question, given) : '',
    })
  },
  onAgain() {
    void this.load()
  },
  onPassed(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { value: boolean }>) {
    this.change({ passed: event.currentTarget.dataset.value })
  },
  onNumber(event: WechatMiniprogram.Input) {
    const typed = event.detail.value.trim()
    const number = Number(typed)
    this.change({ number: typed && Number.isFinite(number) ? number : null })
  },
  onText(event: WechatMiniprogram.Input) {
    this.change({ text: event.detail.value })
  },
  async onAdd() {
    const there = this.data.photos
    try {
      const taken = await takePhotos(MOST_PHOTOS - there.length)
      if (taken.length) this.change({}, keepEvidence(taken, 'after', there))
      const over = overWords(taken.length, there.length)
      if (over) await wx.showToast({ title: over, icon: 'none' })
    } catch (error) {
      await tell(error)
    }
  },
  onDrop(event: WechatMiniprogram.CustomEvent<{ key: string }>) {
    const gone = this.data.photos.find((one) => one.sha256 === event.detail.key)
    if (gone) dropFile(gone)
    this.change({}, this.data.photos.filter((one) => one !== gone))
  },
  async onDone() {
    const { mission: of, id, given, photos, lacks } = this.data
    if (lacks) return
    putDown({ mission: of, question: id, given, photos })
    void sendAnswers()
    await wx.navigateBack()
  },
})
