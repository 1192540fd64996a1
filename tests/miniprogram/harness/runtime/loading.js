// Loads the compiled modules and defines components when they are first needed, as lazyCodeLoading does.
const FORM_FIELD = { properties: { name: { type: String }, value: { type: null } } }
const BUILTIN_BEHAVIORS = { 'wx://form-field': FORM_FIELD, 'wx://form-field-group': {}, 'wx://form-field-button': {}, 'wx://component-export': {} }

export function createLoader({ MP, space, wx, pagesOf }) {
  const { comps, modules, tmpl } = MP
  const loaded = {}
  const defined = new Set()
  const behaviors = {}
  const componentOf = Object.fromEntries(Object.entries(comps).filter(([, one]) => one.main).map(([id, one]) => [one.main, id]))
  let defining = null // whose Component() is called: TDesign calls it from a shared module
  let app = null

  const scope = () => space.componentEnv(defining ?? '', (env) => env)
  const behavior = (name) => (behaviors[name] ??= scope().Behavior(BUILTIN_BEHAVIORS[name] ?? {}))
  const withBehaviors = (given) => (given?.behaviors
    ? { ...given, behaviors: given.behaviors.map((one) => (typeof one === 'string' ? behavior(one) : one)).filter(Boolean) }
    : given)
  const globals = {
    App: (given) => { app = Object.assign(Object.create(null), given) },
    Page: (given) => scope().Page(withBehaviors(given)),
    Component(given) {
      if (!defining) throw new Error('Component() called outside of its file')
      return scope().Component(withBehaviors(given))
    },
    Behavior: (given) => scope().Behavior(withBehaviors(given)),
    getApp: () => app,
    getCurrentPages: () => pagesOf(),
  }

  const as = (id, run) => {
    const before = defining
    defining = id
    try { return run() } finally { defining = before }
  }
  function load(id) {
    if (loaded[id]) return loaded[id].exports
    const owner = componentOf[id]
    if (owner && owner !== defining) return as(owner, () => load(id))
    if (!modules[id]) throw new Error(`module ${id} not found`)
    const module = (loaded[id] = { exports: {} })
    const { deps, fn } = modules[id]
    const require = (name) => {
      if (!deps[name]) throw new Error(`${id}: require("${name}") is not resolved`)
      return load(deps[name])
    }
    const { App, Page, Component, Behavior, getApp, getCurrentPages } = globals
    fn(module, module.exports, require, wx, App, Page, Component, Behavior, getApp, getCurrentPages)
    return module.exports
  }
  function define(id) {
    if (defined.has(id)) return
    defined.add(id)
    const one = comps[id]
    if (!one) throw new Error(`component ${id} not found`)
    for (const used of Object.values(one.config.usingComponents)) define(used.slice(1))
    for (const generic of Object.values(one.config.componentGenerics ?? {})) if (generic?.default) define(generic.default.slice(1))
    space.addComponentStaticConfig(id, one.kind === 'page' ? { ...one.config, component: one.config.component && false } : one.config)
    // Without fallbackListenerOnNativeNode `bindtap` on a built-in becomes a plain attribute.
    if (tmpl[id]) space.addCompiledTemplate(id, { groupList: tmpl, content: tmpl[id], fallbackListenerOnNativeNode: true })
    if (one.hasStyle) space.addStyleSheet(id, id, one.scope)
    as(id, () => load(one.main))
  }
  return {
    define,
    /** Run app.ts, if there is one. */
    startApp() {
      if (modules.app) load('app')
      app ??= {}
      return app
    },
  }
}
