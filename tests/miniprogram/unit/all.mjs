// All unit tests in one process: the mini-program is compiled once for them, and not once for each file.
import fs from 'node:fs'
import path from 'node:path'

const folder = import.meta.dirname
for (const file of fs.readdirSync(folder).filter((one) => one.endsWith('.test.mjs')).sort()) await import(path.join(folder, file))
