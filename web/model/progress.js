// How fast something goes, and how long it still takes, from the amounts that were told at some moments.

const MEMORY_MS = 30_000
const MAX_SAMPLES = 64

export class ProgressMeter {
  #samples = []

  // Amounts and milliseconds. An amount that goes back is a new beginning.
  add(amount, time) {
    const last = this.#samples.at(-1)
    if (last && time <= last.time) return
    if (last && amount < last.amount) this.#samples = []
    this.#samples.push({ amount, time })
    while (this.#samples.length > MAX_SAMPLES || (this.#samples.length > 2 && time - this.#samples[1].time > MEMORY_MS)) {
      this.#samples.shift()
    }
  }

  // Per second, over the last half minute of samples; undefined before there are two.
  get rate() {
    if (this.#samples.length < 2) return undefined
    const first = this.#samples[0]
    const last = this.#samples.at(-1)
    return ((last.amount - first.amount) * 1000) / (last.time - first.time)
  }

  get lastTime() {
    return this.#samples.at(-1)?.time
  }
}

// Without a rate of its own, the average since the beginning serves.
export function averageRate(amount, startedAt, updatedAt) {
  if (startedAt === undefined || updatedAt === undefined || updatedAt <= startedAt || !(amount > 0)) return undefined
  return (amount * 1000) / (updatedAt - startedAt)
}

// {fraction, left}: how much is done, and in how many milliseconds the rest will be; undefined where it is not known.
export function outlook(amount, total, rate) {
  const isKnown = Number.isFinite(total) && total > 0 && Number.isFinite(amount)
  const fraction = isKnown ? Math.min(1, Math.max(0, amount / total)) : undefined
  const left = isKnown && rate > 0 && amount < total ? ((total - amount) * 1000) / rate : undefined
  return { fraction, left }
}

// Nothing was heard for far longer than it usually takes.
export function isStalled(updatedAt, now, usualPauseMs = 15_000) {
  return updatedAt !== undefined && now - updatedAt > Math.max(15_000, 4 * usualPauseMs)
}
