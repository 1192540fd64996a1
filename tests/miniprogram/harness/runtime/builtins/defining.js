// How a built-in component is defined: in the main space, with aria-* on every one.
import { KNOWN } from './known.js'

export const S = String
export const N = Number
export const B = Boolean
const ARIA = ['Role', 'Label', 'Hidden', 'Labelledby', 'Describedby', 'Disabled', 'Checked', 'Selected', 'Expanded', 'Busy', 'Modal', 'Live', 'Roledescription', 'Valuenow', 'Valuemin', 'Valuemax', 'Valuetext']
const NAMES = ARIA.map((word) => `aria${word}`)
const NOTHING = { content: () => () => ({ C() {}, B: {} }) } // a template without a slot

export const el = (component) => component.getBackendElement()
export const html = (tag, facts = {}) => Object.assign(document.createElement(tag), facts)
export const fire = (component, name, detail) => component.triggerEvent(name, detail, { bubbles: false, composed: false })
export const stop = (node, ...types) => types.forEach((type) => node.addEventListener(type, (event) => event.stopPropagation()))

/** Change a component's own property and draw it, as the base library does for what the person does to it. */
export function keep(component, name, value) {
  component.replaceDataOnPath([name], value)
  component.applyDataUpdates()
}

/** A function that defines one built-in; `hasSlot` says whether it holds other components. */
export function definer(space, template) {
  return (name, { properties = {}, observers = {}, lifetimes = {}, methods = {}, externalClasses, hasSlot = true }) => {
    if (!KNOWN.has(name)) throw new Error(`the built-in ${name} is not in the list that templates are checked against`)
    const component = space.defineComponent({
      is: `wx-builtin/${name}`,
      options: { virtualHost: false, styleScope: 0, dataDeepCopy: 'none', propertyPassingDeepCopy: 'none' },
      template: hasSlot ? template : NOTHING,
      properties: { ...typed(properties), ...Object.fromEntries(NAMES.map((one) => [one, { type: null, value: null }])) },
      observers: { ...observers, [NAMES.join(',')]: tellAria },
      externalClasses,
      methods,
      lifetimes,
    })
    space.setGlobalUsingComponent(name, component)
  }
}

const typed = (properties) => Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, typeof one === 'function' ? { type: one } : one]))

// On the host, and the label on the native control within, which is what a screen reader finds.
function tellAria() {
  for (const name of NAMES) {
    const value = this.data[name]
    if (value === null || value === undefined) continue
    const attribute = `aria-${name.slice(4).toLowerCase()}`
    el(this).setAttribute(attribute, value)
    if (!this.node || attribute !== 'aria-label') continue
    if (value) this.node.setAttribute(attribute, value)
    else this.node.removeAttribute(attribute)
  }
}
