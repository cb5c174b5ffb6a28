// Which rows of a long list have to be there, given what can be seen of it.

// Browsers lay nothing out beyond some millions of pixels (Firefox: 17.9 million).
const MAX_HEIGHT = 15_000_000

export function windowOf({ scrollTop, height, rowHeight, count, overscan = 8 }) {
  const shown = Math.min(count, Math.floor(MAX_HEIGHT / rowHeight))
  const seen = Math.ceil(Math.max(0, height) / rowHeight) + 1
  const top = Math.min(Math.max(0, Math.floor(scrollTop / rowHeight)), Math.max(0, shown - seen))
  const first = Math.max(0, top - overscan)
  const last = Math.min(shown, top + seen + overscan)
  return { first, last, before: first * rowHeight, after: (shown - last) * rowHeight, shown }
}

// Where to scroll so that a row is seen; undefined where it is already.
export function scrollTo({ index, scrollTop, height, rowHeight, headHeight = 0 }) {
  const top = index * rowHeight
  if (top < scrollTop) return top
  const bottom = top + rowHeight + headHeight
  return bottom > scrollTop + height ? bottom - height : undefined
}
