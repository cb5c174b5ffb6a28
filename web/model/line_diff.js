// The lines of two texts side by side, as `diff -u` marks them: ' ' both, '-' the first alone, '+' the second alone.

const MAX_CELLS = 4_000_000

export function lineDiff(before, after) {
  const a = before.split('\n')
  const b = after.split('\n')
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1
  const middle = between(a.slice(head, a.length - tail), b.slice(head, b.length - tail))
  const same = (lines) => lines.map((line) => ` ${line}`)
  return [...same(a.slice(0, head)), ...middle, ...same(a.slice(a.length - tail))]
}

// The longest common lines stay; two very different long texts are shown one after the other.
function between(a, b) {
  const removed = (lines) => lines.map((line) => `-${line}`)
  const added = (lines) => lines.map((line) => `+${line}`)
  if (a.length * b.length > MAX_CELLS) return [...removed(a), ...added(b)]
  const width = b.length + 1
  const common = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; --i) {
    for (let j = b.length - 1; j >= 0; --j) {
      common[i * width + j] = a[i] === b[j] ? common[(i + 1) * width + j + 1] + 1 : Math.max(common[(i + 1) * width + j], common[i * width + j + 1])
    }
  }
  const lines = []
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      lines.push(` ${a[i]}`)
      i += 1
      j += 1
    } else if (common[(i + 1) * width + j] >= common[i * width + j + 1]) lines.push(`-${a[i++]}`)
    else lines.push(`+${b[j++]}`)
  }
  return [...lines, ...removed(a.slice(i)), ...added(b.slice(j))]
}
