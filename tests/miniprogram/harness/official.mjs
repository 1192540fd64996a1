// WeChat's own old compilers (wcc, wcsc) over every template and sheet, so that nothing only the newer one reads gets in.
//   node official.mjs [source]
import fs from 'node:fs'
import path from 'node:path'
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { Graph } from './graph.mjs'

const ROOT = path.resolve(import.meta.dirname, '../../../miniprogram')

/** What the official compilers object to; empty when they take everything. */
export function objections(root = ROOT) {
  const graph = new Graph(root).trace()
  const programs = path.join(path.dirname(createRequire(import.meta.url).resolve('miniprogram-compiler/package.json')), 'bin/linux')
  for (const name of ['wcc', 'wcsc']) fs.chmodSync(path.join(programs, name), 0o755) // the package forgets the bit
  const run = (name, words) => spawnSync(path.join(programs, name), words, { cwd: graph.root, maxBuffer: 1 << 28 })
  return [...graph.problems, ...ofTemplates(graph, run), ...ofSheets(graph, run)]
}

function ofTemplates(graph, run) {
  const files = [...graph.wxml, ...graph.wxs].map((file) => graph.rel(file))
  const using = [...graph.components.values()].filter((one) => Object.keys(one.using).length)
  const list = using.flatMap((one) => [`${one.id}.wxml`, Object.keys(one.using).length, ...Object.keys(one.using)])
  const told = run('wcc', ['-d', '-cc', [using.length, ...list].join(' '), ...files, '-gn', '$gwx'])
  return told.status === 0 ? [] : [`wcc: ${told.stderr}`]
}

function ofSheets(graph, run) {
  return [...graph.wxss].flatMap(([file, imports]) => {
    const told = run('wcsc', ['-lc', graph.rel(file), ...imports.map((one) => graph.rel(one))])
    const words = String(told.stderr).replace(/error file count: 0\s*/, '').trim()
    return told.status !== 0 || /ERR/.test(words) ? [`wcsc ${graph.rel(file)}: ${words}`] : []
  })
}

if (process.argv[1] === import.meta.filename) {
  const told = objections(process.argv[2] && path.resolve(process.argv[2]))
  if (told.length) console.error(told.join('\n'))
  process.exitCode = told.length ? 1 : 0
}
