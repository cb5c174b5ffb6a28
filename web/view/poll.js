// Asks again and again, while somebody looks at the page: never two at once, and more seldom what takes long.

const SHARE = 10 // of the time at most a tenth is spent on asking

export class Poll {
  #timer = 0
  #isRunning = false
  #isEnded = false
  #isWanted = false

  // ask() returns a promise; its errors are its own business.
  constructor(ask, everyMs) {
    this.ask = ask
    this.everyMs = everyMs
    this.onVisibility = () => {
      if (!document.hidden) this.soon()
    }
    document.addEventListener('visibilitychange', this.onVisibility)
    this.soon()
  }

  stop() {
    this.#isEnded = true
    clearTimeout(this.#timer)
    document.removeEventListener('visibilitychange', this.onVisibility)
  }

  // At once, or right after the request that is under way.
  soon() {
    if (this.#isEnded) return
    if (this.#isRunning) {
      this.#isWanted = true
      return
    }
    clearTimeout(this.#timer)
    void this.#run()
  }

  async #run() {
    this.#isRunning = true
    this.#isWanted = false
    const begin = performance.now()
    await this.ask()
    this.#isRunning = false
    if (this.#isEnded) return
    const took = performance.now() - begin
    if (document.hidden) return
    this.#timer = setTimeout(() => this.soon(), this.#isWanted ? Math.min(200, this.everyMs) : Math.max(this.everyMs, took * SHARE))
  }
}
