// Elements of a page. What comes from topics is only ever text: nothing here, or anywhere else, writes markup.

const SVG = 'http://www.w3.org/2000/svg'

// Set as properties of the element; everything else is an attribute.
const PROPERTIES = new Set(['value', 'checked', 'disabled', 'hidden', 'selected', 'open', 'tabIndex', 'htmlFor', 'indeterminate'])

// Links lead within the dashboard, to the service's own pages, or are made by external_link.js.
const OWN_LINK = /^(#|docs$|openapi\.json$|v1\/)/

function set(element, name, value) {
  if (value === undefined || value === null || value === false) return
  if (name === 'on') {
    for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener)
  } else if (name === 'style') {
    for (const [property, one] of Object.entries(value)) element.style.setProperty(property, one)
  } else if (name === 'href' && !OWN_LINK.test(value)) {
    throw new Error('a link that leads elsewhere')
  } else if (PROPERTIES.has(name)) {
    element[name] = value
  } else {
    element.setAttribute(name, value === true ? '' : value)
  }
}

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue
    element.append(child instanceof Node ? child : visible(String(child)))
  }
}

// h('p', {class: 'note'}, 'text', h('b', {}, 'more'))
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag)
  // Children first: the value of a select needs its options.
  append(element, children)
  for (const [name, value] of Object.entries(properties)) set(element, name, value)
  return element
}

export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  append(element, children)
  return element
}

export function replace(element, ...children) {
  element.replaceChildren()
  append(element, children)
  return element
}

// Writes only what changed, so that a screen reader and the selection are left alone.
export function setText(element, text) {
  const shown = visible(text)
  if (element.textContent !== shown) element.textContent = shown
}

// Characters that turn the direction of what follows would make a text look like another one (`exe.png` for `gnp.exe`):
// they are shown, and do nothing.
function visible(text) {
  return text.replace(/[\u202A-\u202E\u2066-\u2069]/g, '\uFFFD')
}

export function setClass(element, name, isOn) {
  element.classList.toggle(name, Boolean(isOn))
}
