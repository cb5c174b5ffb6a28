// The texts of files and folders that were dropped or chosen, by their paths. What is neither a table of topics nor a
// schema is passed over.

const MAX_FILES = 2000
const MAX_BYTES = 16_000_000
const WANTED = /\.(txt|avsc)$/i

export async function collectFiles(transfer) {
  const found = []
  const entries = [...(transfer.items ?? [])].map((item) => item.webkitGetAsEntry?.()).filter(Boolean)
  if (entries.length > 0) {
    for (const entry of entries) await walk(entry, '', found)
  } else {
    for (const file of transfer.files ?? []) found.push({ path: file.name, file })
  }
  const wanted = found.filter(({ path }) => WANTED.test(path))
  if (wanted.length === 0) throw new Error('There is no .txt and no .avsc file among them.')
  const bytes = wanted.reduce((sum, { file }) => sum + file.size, 0)
  if (wanted.length > MAX_FILES || bytes > MAX_BYTES) throw new Error('These are too many files for one plan.')
  const root = rootOf(wanted.map(({ path }) => path))
  const texts = await Promise.all(wanted.map(async ({ path, file }) => [path.slice(root.length), await file.text()]))
  return Object.fromEntries(texts)
}

async function walk(entry, folder, found) {
  if (found.length > MAX_FILES) return
  if (entry.isFile) {
    const file = await new Promise((done, failed) => entry.file(done, failed))
    found.push({ path: folder + entry.name, file })
  } else if (entry.isDirectory) {
    const reader = entry.createReader()
    // A call gives some of the entries; an empty answer is the end.
    for (;;) {
      const some = await new Promise((done, failed) => reader.readEntries(done, failed))
      if (some.length === 0) return
      for (const inner of some) await walk(inner, `${folder}${entry.name}/`, found)
    }
  }
}

// Paths count from the folder of the table of topics.
export function rootOf(paths) {
  const table = paths.find((path) => path.toLowerCase().endsWith('.txt')) ?? ''
  const folder = table.slice(0, table.lastIndexOf('/') + 1)
  return paths.every((path) => path.startsWith(folder)) ? folder : ''
}
