// Runs before anything is drawn, so that no page flashes in the wrong colours. Without a choice the system decides.
;(() => {
  let theme = null
  try {
    theme = localStorage.getItem('omashu-theme')
  } catch {
    // Storage may be switched off.
  }
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
})()
