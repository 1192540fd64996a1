import assert from 'node:assert/strict'
import test from 'node:test'
import { problems, service, storage } from '../harness/services.mjs'
import { byText, drawn, phone, tap } from '../harness/unit.mjs'

test('our own sources compile without a word of warning', () => {
  assert.deepEqual(problems.filter((one) => !one.startsWith('miniprogram_npm/')), [])
})

test('what the harness does not know is loud', () => {
  assert.throws(() => phone().wx.notThere(), /not implemented/)
})

test('the privacy question waits for an answer and passes it on', async () => {
  const mp = phone()
  const { dom, inst } = mp.render('components/privacy-popup/privacy-popup')
  const answers = []
  mp.emit('privacy', (answer) => answers.push(answer))
  await drawn()
  tap(byText('同意', dom)[0])
  assert.deepEqual(answers, [{ event: 'agree', buttonId: 'agree' }])
  assert.equal(inst.data.visible, false)
})

test('dates are told in the office’s time zone, whatever the phone’s is', () => {
  const { dayWords, momentWords } = service('services/words')
  assert.equal(dayWords('2026-10-12'), '10月12日（周一）')
  assert.equal(dayWords('2026-11-22T18:30:00Z'), '11月23日（周一）')
  assert.equal(momentWords('2026-11-22T23:05:09.123+08:00'), '11月22日 23:05')
  assert.equal(momentWords('2026-11-22T20:05:00-05:00'), '11月23日 09:05')
})

const answering = (...answers) => ({
  asked: [],
  request(options) {
    this.asked.push(options)
    const [status, data] = answers.shift()
    if (status === 0) options.fail({ errMsg: 'request:fail' })
    else options.success({ statusCode: status, data })
    return {}
  },
})
const session = (token) => ({ token, person: { id: 'p', designation: '老马', duties: [] }, duties: [], server_time: '' })

test('a session that ended is opened again once, and the question repeated', async () => {
  const ended = { code: 'session_ended', status: 401, message_zh: '登录已过期。', hint_zh: '请重新登录。', retry: 'never' }
  const wx = { ...storage({ session: session('old') }), ...answering([401, ended], [201, session('new')], [200, { ok: true }]), login: async () => ({ code: 'c' }) }
  const { get } = service('services/door', wx)
  assert.deepEqual(await get('/me'), { ok: true })
  assert.deepEqual(wx.asked.map((one) => one.header.authorization), ['Bearer old', undefined, 'Bearer new'])
})

test('a refusal is the office’s word; a dead line and a foreign page are not', async () => {
  const no = { code: 'too_many_today', status: 429, message_zh: '今天的上报次数已用完。', hint_zh: '明天再报。', retry: 'later' }
  const wx = { ...storage({ session: session('t') }), ...answering([429, no], [0], [200, '<html>酒店无线网</html>'], [502, '<html>']) }
  const { get } = service('services/door', wx)
  await assert.rejects(get('/me'), { name: 'Refusal', message: no.message_zh })
  await assert.rejects(get('/me'), { name: 'Unreachable' })
  await assert.rejects(get('/me'), { name: 'Unreachable' })
  await assert.rejects(get('/me'), { name: 'Unreachable' })
})

test('elder mode follows WeChat’s font until the person chooses', () => {
  const wx = { ...storage(), getAppBaseInfo: () => ({ fontSizeSetting: 22 }) }
  const looks = service('services/looks', wx)
  looks.startLooks()
  assert.equal(looks.isElder(), true)
  looks.chooseElder('off')
  assert.equal(looks.isElder(), false)
})

test('an answer that comes after its page has gone changes nothing and harms nothing', async () => {
  const away = (options) => { setTimeout(() => options.fail({ errMsg: 'request:fail' })); return {} }
  const mp = await phone({ wx: { request: away } }).start('/pages/home/home')
  const left = mp.current()
  await mp.wx.reLaunch({ url: '/packages/history/pages/verify/verify' })
  left.setData({ waiting: [{ id: '1', thumb: '/x.jpg', text: '', words: '', label: '', tone: '' }] }) // would make an <image>
  await drawn()
  assert.notEqual(mp.current(), left)
  assert.deepEqual(mp.errors, [])
})
