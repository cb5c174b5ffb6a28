// Keeps the children of an element in step with a list: an item that is still there keeps its element, and with it the
// focus and the selection.

export class KeyedList {
  // create(item) makes an element; update(element, item) is called for each item each time.
  constructor(parent, { key, create, update = () => {} }) {
    this.parent = parent
    this.key = key
    this.create = create
    this.update = update
    this.elements = new Map()
  }

  show(items) {
    const kept = new Map()
    let previous = null
    for (const item of items) {
      const key = this.key(item)
      const element = this.elements.get(key) ?? this.create(item)
      this.update(element, item)
      kept.set(key, element)
      const place = previous ? previous.nextSibling : this.parent.firstChild
      if (place !== element) this.parent.insertBefore(element, place)
      previous = element
    }
    for (const [key, element] of this.elements) {
      if (!kept.has(key)) element.remove()
    }
    this.elements = kept
  }
}
