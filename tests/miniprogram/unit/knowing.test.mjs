// What the phone works out by itself: digests, likely tasks, names of places.
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import test from 'node:test'
import { service, storage } from '../harness/services.mjs'

test('digests are SHA-256, at every length around a block', () => {
  const { sha256, sha256OfText } = service('services/sha256')
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000]) {
    const bytes = randomBytes(length)
    assert.equal(sha256(new Uint8Array(bytes)), createHash('sha256').update(bytes).digest('hex'))
  }
  assert.equal(sha256OfText('督察通 👀'), createHash('sha256').update('督察通 👀').digest('hex'))
})

const at = (latitude, longitude, name = null) => ({ latitude, longitude, name, datum: 'gcj02', source: 'gps', accuracy_m: 10 })
const task = (id, name, lead_unit) => ({ id, code: id, name, lead_unit })
const TASKS = [
  task('1', '“一件事一次办”改革', '审批局'),
  task('2', '城市道路精细化养护改革', '城管局'),
  task('3', '垃圾分类长效机制建设', '城管局'),
  task('4', '公立医院薪酬制度改革', '卫健委'),
]

test('a task is proposed from the words, and none where nothing fits', () => {
  const { proposeTasks } = service('services/tasks', storage())
  assert.deepEqual(proposeTasks('小区垃圾分类亭三天没有清运', TASKS).map((one) => one.id), ['3'])
  assert.equal(proposeTasks('路口的道路坑槽没有养护', TASKS)[0].id, '2')
  assert.deepEqual(proposeTasks('邻居唱歌声音大', TASKS), [])
  assert.deepEqual(proposeTasks('', TASKS), [])
})

test('sub-01: where I am and my missions propose a task before a word is typed', () => {
  const { proposeTasks } = service('services/tasks', storage())
  assert.deepEqual(proposeTasks('', TASKS, new Map([['4', 12], ['1', 4]])).map((one) => one.id), ['4', '1'])
  assert.equal(proposeTasks('小区垃圾分类亭三天没有清运', TASKS, new Map([['4', 4]]))[0].id, '3')
})

test('sub-01: a stop of my open mission, within 500 m, stands for its tasks', () => {
  const kept = storage()
  const line = (id, state) => ({ id, state })
  kept.setStorageSync('missions', {
    person: '',
    lines: [line('a', 'under_way'), line('b', 'finished')],
    whole: [
      { line: line('a', 'under_way'), tasks: [{ id: '2' }], stops: [{ where: { latitude: 38.4872, longitude: 106.2309 } }] },
      { line: line('b', 'finished'), tasks: [{ id: '4' }], stops: [{ where: { latitude: 38.4872, longitude: 106.2309 } }] },
    ],
  })
  const { weightsHere } = service('services/tasks', kept)
  assert.deepEqual([...weightsHere(at(38.4873, 106.231))], [['2', 12]])
  assert.deepEqual([...weightsHere(at(38.48, 106.24))], [['2', 4]])
  assert.deepEqual([...weightsHere(null)], [['2', 4]])
})

test('sub-01: a category is proposed from the words, and none where nothing fits', () => {
  const { proposeCategory } = service('services/tasks', storage())
  const sorts = [{ code: 'roads', words: ['路口', '坑'] }, { code: 'service', words: ['窗口', '大厅'] }]
  assert.equal(proposeCategory('路口有个坑，大厅门口', sorts).code, 'roads')
  assert.equal(proposeCategory('办事大厅窗口少', sorts).code, 'service')
  assert.equal(proposeCategory('邻居唱歌', sorts), null)
})

test('tasks are found by name, code and unit', () => {
  const { findTasks } = service('services/tasks', storage())
  assert.deepEqual(findTasks('城管', TASKS).map((one) => one.id), ['2', '3'])
  assert.equal(findTasks(' ', TASKS).length, 4)
})


test('a place reported from before is called by its name again, if it is near', () => {
  const { rememberName, nameNear, metresBetween } = service('services/locating', storage())
  rememberName(at(38.4872, 106.2309, '北京路与民族街口'))
  rememberName(at(38.4712, 106.2586, '市民大厅'))
  assert.equal(nameNear(at(38.4873, 106.231)), '北京路与民族街口')
  assert.equal(nameNear(at(38.48, 106.24)), '')
  assert.ok(Math.abs(metresBetween(at(38.4872, 106.2309), at(38.4712, 106.2586)) - 2995) < 30)
})

test('without leave, or without a satellite, there is no place and no fault', async () => {
  const asked = (errMsg) => service('services/locating', { ...storage(), getLocation: () => Promise.reject({ errMsg }) }).locate()
  assert.deepEqual(await asked('getLocation:fail auth deny'), { trouble: 'refused' })
  assert.deepEqual(await asked('getLocation:fail privacy permission is not authorized'), { trouble: 'refused' })
  assert.deepEqual(await asked('getLocation:fail system error'), { trouble: 'nowhere' })
})

test('a draft’s name is a random UUID of version 4', async () => {
  const randomValues = Uint8Array.from({ length: 16 }, (_, i) => i * 16).buffer
  const { newId } = service('services/ids', { getRandomValues: async () => ({ randomValues }) })
  assert.equal(await newId(), '00102030-4050-4070-8090-a0b0c0d0e0f0')
})

test('the tabs are those of one’s duties', () => {
  const labels = (...roles) => {
    const person = { id: 'p', designation: 'x', duties: roles.map((role) => ({ role, label: '', title: '' })) }
    return service('services/tabs', storage({ session: { token: 't', person } })).tabs().map((one) => one.label)
  }
  assert.deepEqual(labels('citizen'), ['首页', '我的上报', '消息', '我的'])
  assert.deepEqual(labels('commissioner'), ['首页', '我的上报', '待办', '消息', '我的'])
  assert.deepEqual(labels('office_staff'), ['首页', '待办', '消息', '我的'])
  assert.deepEqual(labels('auditor'), ['首页', '台账', '消息', '我的'])
})

test('the phone cleans a text as the office does, so that a receipt is for the same words', () => {
  const { cleaned } = service('services/text')
  const cases = JSON.parse(fs.readFileSync(new URL('../../server/kernel/text_cases.json', import.meta.url), 'utf8'))
  for (const { typed, kept } of cases) assert.equal(cleaned(typed), kept)
  assert.equal(cleaned('  路口坑槽\r\n '), '路口坑槽')
})
