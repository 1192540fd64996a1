// The tags a template of ours may use besides the components it names; the build refuses all others.
export const NEED_NO_CODE = ['view', 'text', 'block', 'slot', 'wxs', 'template', 'import', 'include', 'cover-view']
export const DEFINED = ['input', 'textarea', 'image', 'button', 'form', 'label', 'picker', 'scroll-view', 'navigator']
export const KNOWN = new Set([...NEED_NO_CODE, ...DEFINED])
