// The rows that a watch has told of, by key. A row is never changed: an update is another object, so that a view sees
// with === what it has to draw again.

export class RowSet {
  #rows = new Map()
  version = 0

  get size() {
    return this.#rows.size
  }

  get rows() {
    return [...this.#rows.values()]
  }

  find(id) {
    return this.#rows.get(id)
  }

  clear() {
    this.#rows.clear()
    this.version += 1
  }

  // `event` is enter, update, leave or delete. Returns what was there before, so that a view can tell what changed.
  apply(event, row) {
    const before = this.#rows.get(row.id)
    if (event === 'enter' || event === 'update') this.#rows.set(row.id, row)
    else this.#rows.delete(row.id)
    this.version += 1
    return before
  }
}
