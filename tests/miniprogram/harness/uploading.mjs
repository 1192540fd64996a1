// Sends one photo by the phone's own code over a real line: node uploading.mjs URL TOKEN FILE
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import http from 'node:http'
import { Service, storage } from './services.mjs'

const [url, token, path] = process.argv.slice(2)
const file = fs.readFileSync(path)
const agent = new http.Agent({ keepAlive: true, maxSockets: 10 })
const session = { token, person: { id: 'p', designation: '老马', duties: [] }, duties: [], server_time: '' }

/** wx.request over a socket: callbacks, the 60 s limit, and no trying again of its own. */
function request({ url: address, method, data, header, timeout, success, fail }) {
  const body = data === undefined ? undefined : Buffer.from(data instanceof ArrayBuffer ? data : JSON.stringify(data))
  const asked = http.request(address, { method, agent, headers: { ...header, 'content-length': body?.length ?? 0 } }, (answer) => {
    const told = []
    answer.on('data', (piece) => told.push(piece))
    answer.on('error', (error) => fail({ errMsg: `request:fail ${error.message}` }))
    answer.on('end', () => success({ statusCode: answer.statusCode, header: answer.headers, data: parsed(Buffer.concat(told).toString()) }))
  })
  asked.setTimeout(Math.min(timeout, 60_000), () => asked.destroy(new Error('timeout')))
  asked.on('error', (error) => fail({ errMsg: `request:fail ${error.message}` }))
  asked.end(body)
}

function parsed(text) {
  try { return JSON.parse(text) } catch { return text }
}

const load = Service({
  ...storage({ session }),
  request,
  getExtConfigSync: () => ({ apiBase: url }),
  getFileSystemManager: () => ({ readFileSync: (_, __, at, length) => Uint8Array.from(file.subarray(at, at + length)).buffer }),
})
load('services/config').chooseServer()
const { carryBy, tryAgain } = load('services/retrying')
const { sendPhoto } = load('services/door')
const photo = { sha256: createHash('sha256').update(file).digest('hex'), path, bytes: file.length }
let tries = 0

/** As the app does it: what failed is tried again by itself after a pause. */
async function carry() {
  tries += 1
  try {
    await sendPhoto(photo)
    console.log(JSON.stringify({ tries }))
    agent.destroy()
  } catch (error) {
    if (error.name !== 'Unreachable') throw error
    tryAgain(error.seconds)
  }
}
carryBy(carry)
await carry()
