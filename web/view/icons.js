// Small pictures, drawn with lines of the text's colour.

import { svg } from './dom.js'

const PATHS = {
  board: 'M3 3h4v10H3zM9 3h4v6H9z',
  table: 'M2.5 3.5h11v9h-11zM2.5 6.5h11M6.5 6.5v6',
  topic: 'M2.5 4h11M2.5 8h8M2.5 12h11',
  group: 'M5.5 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM2 13c0-2.2 1.5-3.5 3.5-3.5S9 10.8 9 13M10.5 3.2a2 2 0 0 1 0 3.6M11 9.6c1.8.3 3 1.5 3 3.4',
  schema: 'M6 2.5C4 2.5 4.5 7 2.5 8c2 1 1.5 5.5 3.5 5.5M10 2.5c2 0 1.5 4.5 3.5 5.5-2 1-1.5 5.5-3.5 5.5',
  plan: 'M4 2.5h5.5L12 5v8.5H4zM6 8l1.5 1.5L10 7',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3L14 14',
  link: 'M6.5 9.5l3-3M7.5 4.5l1-1a2.8 2.8 0 0 1 4 4l-1 1M8.5 11.5l-1 1a2.8 2.8 0 0 1-4-4l1-1',
  close: 'M4 4l8 8M12 4l-8 8',
  plus: 'M8 3v10M3 8h10',
  columns: 'M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10',
  sun: 'M8 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM8 1.5v1.5M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1M11.6 11.6l1 1M3.4 12.6l1-1M11.6 4.4l1-1',
  moon: 'M13 9.5A5.5 5.5 0 1 1 6.5 3a4.5 4.5 0 0 0 6.5 6.5z',
  system: 'M2.5 3.5h11v7h-11zM6 13h4',
  keys: 'M2 4.5h12v7H2zM4.5 7h0M7 7h0M9.5 7h0M12 7h0M5 9.5h6',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  down: 'M4 6.5l4 4 4-4',
  back: 'M9.5 3.5L5 8l4.5 4.5',
  warning: 'M8 2.5L14.5 13.5h-13zM8 6.5v3.5M8 12h0',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3l8 5-8 5z',
  refresh: 'M13 8a5 5 0 1 1-1.5-3.5M12 2v3H9',
}

export function icon(name) {
  return svg(
    'svg',
    { viewBox: '0 0 16 16', width: '16', height: '16', class: 'icon', 'aria-hidden': 'true', focusable: 'false' },
    svg('path', { d: PATHS[name] })
  )
}

// The mark: three chutes, each of which hands down to the next.
export function mark() {
  return svg(
    'svg',
    { viewBox: '0 0 24 24', width: '24', height: '24', class: 'mark', 'aria-hidden': 'true', focusable: 'false' },
    svg('path', { d: 'M3 5.5l11 3', class: 'mark-1' }),
    svg('path', { d: 'M21 10.5l-11 3', class: 'mark-2' }),
    svg('path', { d: 'M3 15.5l11 3', class: 'mark-3' }),
    svg('circle', { cx: '19.5', cy: '19', r: '1.9', class: 'mark-4' })
  )
}
