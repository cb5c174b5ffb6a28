// Numbers, sizes and times as people read them.

const NUMBER = new Intl.NumberFormat('en')
const NONE = '–'

export function formatNumber(value) {
  return typeof value === 'number' || typeof value === 'bigint' ? NUMBER.format(value) : NONE
}

// 999, 12.3k, 4.56M: three digits, for where room is short.
export function formatShort(value) {
  if (typeof value !== 'number' || !Number.isFinite(value)) return NONE
  return scaled(value, 1000, ['', 'k', 'M', 'G', 'T'], '')
}

// 1000 to a step, as disks and networks count.
export function formatBytes(value) {
  const number = Number(value)
  if (value === null || value === undefined || !Number.isFinite(number)) return NONE
  return scaled(number, 1000, ['B', 'kB', 'MB', 'GB', 'TB', 'PB'], ' ')
}

function scaled(value, step, units, gap) {
  let size = Math.abs(value)
  let unit = 0
  // 999.5 would be rounded to 1000 of its unit.
  while (size >= step - 0.5 && unit < units.length - 1) {
    size /= step
    unit += 1
  }
  const digits = unit === 0 ? 0 : size < 9.995 ? 2 : size < 99.95 ? 1 : 0
  return `${value < 0 ? '-' : ''}${unit === 0 ? Math.round(size) : size.toFixed(digits)}${units[unit] === '' ? '' : gap + units[unit]}`
}

// Two units at most: `850 ms`, `4 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`.
export function formatDuration(milliseconds) {
  if (!Number.isFinite(milliseconds)) return NONE
  const ms = Math.max(0, milliseconds)
  if (ms < 1000) return `${Math.round(ms)} ms`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return two(minutes, 'min', minutes < 10 ? seconds % 60 : 0, 's')
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return two(hours, 'h', minutes % 60, 'min')
  return two(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

function two(major, majorUnit, minor, minorUnit) {
  return minor === 0 ? `${major} ${majorUnit}` : `${major} ${majorUnit} ${minor} ${minorUnit}`
}

// How long ago, in one unit: it changes each second, so it must not wobble.
export function formatAgo(milliseconds) {
  if (!Number.isFinite(milliseconds)) return NONE
  const seconds = Math.floor(Math.max(0, milliseconds) / 1000)
  if (seconds < 2) return 'now'
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`
  return `${Math.floor(seconds / 86400)} d ago`
}

const pad = (number, width = 2) => String(number).padStart(width, '0')

// In the reader's own zone, the greatest unit first, so that a column of them is in order: `2026-11-30 14:09:32`.
export function formatTime(text, { withDate = true, withMilliseconds = false } = {}) {
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) return String(text ?? NONE)
  const date = `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())}`
  const clock = `${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}`
  const fraction = withMilliseconds ? `.${pad(time.getMilliseconds(), 3)}` : ''
  return `${withDate ? `${date} ` : ''}${clock}${fraction}`
}

export function timeOf(value) {
  if (typeof value === 'number') return value
  const time = typeof value === 'string' ? Date.parse(value) : NaN
  return Number.isNaN(time) ? undefined : time
}

export function formatPercent(fraction) {
  if (!Number.isFinite(fraction)) return NONE
  // A download that is not done is never at 100 %.
  const percent = fraction >= 1 ? 100 : Math.min(99.9, fraction * 100)
  if (percent > 0 && percent < 0.1) return '<0.1 %'
  return percent >= 10 || percent === 0 ? `${Math.floor(percent)} %` : `${percent.toFixed(1)} %`
}

export function plural(count, one, many = `${one}s`) {
  return `${formatNumber(count)} ${count === 1 ? one : many}`
}
