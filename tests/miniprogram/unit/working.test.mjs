// What the phone works out for those who work on items: what a form lacks, what a deed sends, what was allowed.
import assert from 'node:assert/strict'
import test from 'node:test'
import { service, storage } from '../harness/services.mjs'

const form = (changes = {}) => ({ key: 'k', tried: false, version: 3, percent: 50, words: '', until: '', unit: null, days: 15, approved: null, cause: '', photos: [], ...changes })
const photo = (kind) => ({ path: 'p', sha256: 's', bytes: 1, kind })

test('what a deed lacks is told before it is sent', () => {
  const { deedNamed, lacking } = service('services/deeds', storage())
  const lacks = (name, changes, evidence_needed = [], causes = []) => lacking(deedNamed(name), form(changes), { evidence_needed, causes })
  assert.equal(lacks('request_close_out', { words: '修好了' }, ['after', 'document']), '还缺：整改后照片、书面材料照片')
  assert.equal(lacks('request_close_out', { words: '修好了', photos: [photo('after')] }, ['after']), '')
  assert.equal(lacks('report_progress', { words: '  ' }), '请写做了什么')
  const overdue = { evidence_needed: [], causes: [], light: 'red' }
  assert.equal(lacking(deedNamed('report_progress'), form({ words: '已进场' }), overdue), '已逾期，请写下一步怎么办')
  assert.equal(lacking(deedNamed('report_progress'), form({ words: '已进场', next_step: '下周完工' }), overdue), '')
  assert.equal(lacks('ask_extension', { words: '雨季' }), '请选择日期')
  assert.equal(lacks('close_out', {}), '请先选同意或退回')
  assert.equal(lacks('close_out', { approved: true }), '')
  assert.equal(lacks('close_out', { approved: false }), '退回要写明原因')
  assert.equal(lacks('dispatch', {}), '请选择承办单位')
  const causes = [{ code: 'c', label: '佐证材料不齐', text: '请补齐。' }]
  assert.equal(lacks('close_out', { approved: true }, [], causes), '')
  assert.equal(lacks('close_out', { approved: false, words: '再补' }, [], causes), '请选一条退回理由')
  assert.equal(lacks('close_out', { approved: false, cause: 'retired' }, [], causes), '请选一条退回理由')
  assert.equal(lacks('close_out', { approved: false, cause: 'c' }, [], causes), '')
  assert.equal(lacks('return_back', { words: '不归我们' }, [], causes), '请选一条退回理由')
  assert.equal(lacks('return_back', { words: '不归我们' }), '')
})

test('a deed sends what it asks for and nothing else', () => {
  const { bodyOf, deedNamed } = service('services/deeds', storage())
  const filled = form({ words: ' 完工 ', until: '2026-12-01', photos: [photo('after')], approved: true, unit: { id: 'u', name: '住建局' } })
  assert.deepEqual(bodyOf(deedNamed('acknowledge'), filled), { version: 3 })
  assert.deepEqual(bodyOf(deedNamed('ask_extension'), filled), { version: 3, reason: '完工', until_on: '2026-12-01' })
  assert.deepEqual(bodyOf(deedNamed('request_close_out'), filled), { version: 3, text: '完工', evidence: [{ sha256: 's', bytes: 1, kind: 'after' }] })
  assert.deepEqual(bodyOf(deedNamed('report_progress'), filled), { version: 3, text: '完工', percent: 50, photos: [{ sha256: 's', bytes: 1 }] })
  assert.equal(bodyOf(deedNamed('report_progress'), form({ words: '完工', next_step: ' 下周完工 ' })).next_step, '下周完工')
  assert.deepEqual(bodyOf(deedNamed('return_back'), form({ cause: 'c' })), { version: 3, cause: 'c' })
  assert.deepEqual(bodyOf(deedNamed('close_out'), form({ approved: true, cause: 'c' })), { version: 3, approved: true })
  assert.deepEqual(bodyOf(deedNamed('dispatch'), form({ unit: { id: 'u' } })), { version: 3, unit_id: 'u', days: 15 })
})

const session = { token: 't', person: { id: 'p', designation: '老马', duties: [] }, duties: [], server_time: '' }
function askedWx({ templates, answers, line = {} }) {
  const posted = []
  return {
    ...storage({ session }),
    posted,
    getRandomValues: async ({ length }) => ({ randomValues: new Uint8Array(length).buffer }),
    requestSubscribeMessage: async () => answers,
    request(options) {
      if (line.isDead) options.fail({ errMsg: 'request:fail' })
      else if (options.method === 'GET') options.success({ statusCode: 200, data: { templates } })
      else {
        posted.push(options.data)
        options.success({ statusCode: 204, data: '' })
      }
      return {}
    },
  }
}

test('what a person allowed is told to the office, once, also after a dead line', async () => {
  const line = {}
  const wx = askedWx({ templates: ['a', 'b'], answers: { a: 'accept', b: 'reject', errMsg: 'ok' }, line })
  const { askWithin, prepare, tellOutcomes } = service('services/asking', wx)
  await prepare('handled')
  line.isDead = true
  await askWithin('handled')
  assert.deepEqual(wx.posted, [])
  line.isDead = false
  await tellOutcomes()
  await tellOutcomes()
  assert.deepEqual(wx.posted, [{ outcomes: [{ template: 'a', outcome: 'accept' }, { template: 'b', outcome: 'reject' }] }])
})

test('nobody is asked where nothing is wanted, and a closed question is no answer', async () => {
  const silent = askedWx({ templates: [] })
  silent.requestSubscribeMessage = async () => assert.fail('nothing to ask for')
  const one = service('services/asking', silent)
  await one.prepare('handled')
  await one.askWithin('handled')
  await one.askWithin('reviewed') // never prepared
  const closed = askedWx({ templates: ['a'] })
  closed.requestSubscribeMessage = async () => Promise.reject({ errCode: 20004 })
  const other = service('services/asking', closed)
  await other.prepare('handled')
  await other.askWithin('handled')
  assert.deepEqual(closed.posted, [])
})

test('a code is found in what was typed, scanned or opened', () => {
  const { codeIn } = service('services/account', storage())
  assert.equal(codeIn(' abcd-efgh jkmn '), 'ABCDEFGHJKMN')
  assert.equal(codeIn('https://office.example/join?x=1&code=ABCDEFGHJKMN#top'), 'ABCDEFGHJKMN')
  assert.equal(codeIn('pages/join/join?scene=abcdefghjkmn'), 'ABCDEFGHJKMN')
})

test('a message leads to what it is about, and else to its whole words', () => {
  const goesFor = (...roles) => {
    const person = { id: 'p', designation: '', duties: roles.map((role) => ({ role, label: '', title: '' })) }
    const { lineOf } = service('services/messages', storage({ session: { ...session, person } }))
    return (subject_kind) => lineOf({ id: '1', title: '', body: '', subject_kind, subject_id: 'x', created_at: '2026-11-22T10:00:00+08:00', read_at: null }).url
  }
  const words = '/packages/account/pages/message/message?id=1'
  const commissioner = goesFor('commissioner')
  assert.equal(commissioner('ledger_item'), '/packages/ledger/pages/item/item?id=x')
  assert.equal(commissioner('case'), '/packages/ledger/pages/case/case?id=x')
  assert.equal(commissioner('problem'), '/packages/ledger/pages/problem/problem?id=x')
  assert.equal(goesFor('office_staff')('case'), words) // the office puts an answer to the reporter at its desk
  assert.equal(goesFor('team_member')('mission'), '/packages/team/pages/mission/mission?id=x')
  assert.deepEqual(['mission', 'person', 'of a later version'].map(goesFor('office_staff')), [words, words, words])
})
