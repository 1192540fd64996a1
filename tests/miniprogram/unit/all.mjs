// All unit tests in one process: the mini-program is compiled once for them, and not once for each file.
import fs from 'node:fs'
import path from 'node:path'

// A try that services have arranged for later keeps no test process waiting.
const arrange = globalThis.setTimeout
globalThis.setTimeout = (act, delay, ...more) => {
  const timer = arrange(act, delay, ...more)
  if (delay >= 1000) timer.unref()
  return timer
}

const folder = import.meta.dirname
for (const file of fs.readdirSync(folder).filter((one) => one.endsWith('.test.mjs')).sort()) await import(path.join(folder, file))
