// Every view is an address: `#/tables/status-download/rows?where=status%3DFAILED`. The part behind the # never reaches
// the server, so the dashboard works below any path that a proxy puts before it.

export function parseRoute(hash) {
  const text = hash.replace(/^#?\/?/, '')
  const mark = text.indexOf('?')
  const path = mark < 0 ? text : text.slice(0, mark)
  return {
    segments: path.split('/').filter((segment) => segment !== '').map(decoded),
    query: new URLSearchParams(mark < 0 ? '' : text.slice(mark + 1)),
  }
}

// A percent sign that stands for nothing is taken as itself.
function decoded(segment) {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

// link(['tables', 'a/b'], {where: ['x=1', 'y=2'], sort: ''}) leaves out what is empty.
export function link(segments, query = {}) {
  const path = '#/' + segments.map(encodeURIComponent).join('/')
  const text = queryText(query)
  return text === '' ? path : `${path}?${text}`
}

export function queryText(query) {
  const all = new URLSearchParams()
  for (const [name, value] of query instanceof URLSearchParams ? query : Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '') all.append(name, one)
    }
  }
  return all.toString()
}
