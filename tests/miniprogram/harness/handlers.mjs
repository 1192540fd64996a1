// A tap whose handler nobody wrote does nothing on a phone and says nothing. Here it is a fault, before anything runs.
import fs from 'node:fs'

const BINDING = /\s(?:capture-)?(?:bind|catch|mut-bind):?[\w-]+\s*=\s*"([A-Za-z_]\w*)"/g

/** The handlers that templates of ours name and their scripts do not have. */
export function missingHandlers(graph) {
  return [...graph.components.values()]
    .filter((one) => !one.id.startsWith('miniprogram_npm/') && one.main && fs.existsSync(`${one.base}.wxml`))
    .flatMap((one) => {
      const script = fs.readFileSync(one.main, 'utf8')
      const template = fs.readFileSync(`${one.base}.wxml`, 'utf8')
      const names = new Set([...template.matchAll(BINDING)].map(([, name]) => name))
      // A method, `async method(`, or a property that holds a function.
      const has = (name) => new RegExp(`(?:^|[\\s,{])(?:async\\s+)?${name}\\s*(?:\\(|:)`, 'm').test(script)
      return [...names].filter((name) => !has(name)).map((name) => `${one.id}.wxml: no handler ${name} in ${one.id}`)
    })
}
