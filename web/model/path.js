// Fields of rows, by paths as `omashu list --where` has them: `status`, `source.url`, `labels["a.b"]`, `key.omashuId`.

const STEP = /^(?:([^.[\]"\s]+)|\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\])(\.?)/

// ['source', 'url']; null where the text is no path.
export function parsePath(text) {
  const steps = []
  let rest = text
  while (rest !== '') {
    const match = STEP.exec(rest)
    if (!match) return null
    if (match[1] !== undefined) steps.push(match[1])
    else if (match[2] !== undefined) steps.push(unquoted(match[2]))
    else steps.push(Number(match[3]))
    rest = rest.slice(match[0].length)
    if (match[4] === '.' && rest === '') return null
  }
  return steps.length > 0 ? steps : null
}

function unquoted(inner) {
  try {
    return JSON.parse(`"${inner}"`)
  } catch {
    return inner
  }
}

export function pathText(steps) {
  let text = ''
  for (const step of steps) {
    if (typeof step === 'number') text += `[${step}]`
    else if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(step) || (text === '' && step === 'key')) text += `[${JSON.stringify(step)}]`
    else text += text === '' ? step : `.${step}`
  }
  return text
}

// Of a row {key, value}; undefined where there is nothing. Only what the record itself has counts: no property of
// JavaScript's own objects.
export function fieldOf(row, path) {
  const steps = typeof path === 'string' ? parsePath(path) : path
  if (!steps) return undefined
  const isKey = steps[0] === 'key' && !(typeof path === 'string' && path.startsWith('['))
  let at = isKey ? row.key : row.value
  for (const step of isKey ? steps.slice(1) : steps) {
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, step)) return undefined
    at = at[step]
  }
  return at
}
