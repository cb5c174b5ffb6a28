// Says something to screen readers, politely, at most once in two seconds: the latest of what there was to say.

const PAUSE_MS = 2000
let region = null
let waiting = null
let isPaused = false

function say(text) {
  region ??= document.getElementById('announcements')
  if (!region) return
  region.textContent = text
  isPaused = true
  setTimeout(() => {
    isPaused = false
    if (waiting === null) return
    const next = waiting
    waiting = null
    say(next)
  }, PAUSE_MS)
}

export function announce(text) {
  if (isPaused) waiting = text
  else say(text)
}
