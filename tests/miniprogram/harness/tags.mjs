// A misspelt tag shows nothing on a phone and says nothing. Here it is a fault, before anything runs.
import fs from 'node:fs'
import { KNOWN } from './runtime/builtins/known.js'

/** The tags in templates of ours that are neither built in nor named by the page's usingComponents. */
export function unknownTags(graph) {
  return [...graph.components.values()]
    .filter((one) => !one.id.startsWith('miniprogram_npm/') && fs.existsSync(`${one.base}.wxml`))
    .flatMap((one) => {
      const template = fs.readFileSync(`${one.base}.wxml`, 'utf8').replace(/<!--[\s\S]*?-->/g, '')
      const tags = new Set([...template.matchAll(/<([a-z][\w-]*)/g)].map(([, tag]) => tag))
      return [...tags].filter((tag) => !KNOWN.has(tag) && !(tag in one.using)).map((tag) => `${one.id}.wxml: unknown tag ${tag}`)
    })
}
