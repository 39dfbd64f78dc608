// Serves the pages that the reader has saved. A copy has the files of one version of the site: an update is fetched
// completely, and waits until the reader reloads. The build writes SITE before this text: the digest of the list of files,
// and the texts of the page for a missing connection. The address of this script names what the reader saves.
importScripts("assets/mlguide/workbox.js", "assets/mlguide/copy-files.js")

const scope = new URL("./", location).href, store = `mlguide-copy-${scope}`, PARTS = 6
const wanted = new URL(location).searchParams.getAll("save")
// the files of this version and selection
const key = `${scope}?copy=${encodeURIComponent([SITE.list, ...wanted])}`
const controller = new workbox.PrecacheController()

const entries = files => files.map(([url, , digest]) => ({ url: url || "./", revision: digest.slice(0, 12), integrity: `sha256-${digest}` }))
const get = async (url, digest) => {
  const answer = await fetch(new URL(url, scope), { integrity: `sha256-${digest}`, cache: "no-store" })
  if (!answer.ok) throw new Error(`${answer.status} for ${url}`)
  return answer
}

// Adds the files of the installed copy to the controller, after each start of this script.
let ready
const start = () => ready ??= (async () => {
  const kept = await (await caches.open(store)).match(key)
  if (kept) controller.addToCacheList(entries(await kept.json()))
})()

const tell = async message => {
  for (const client of await clients.matchAll({ includeUncontrolled: true })) client.postMessage(message)
}

const install = async event => {
  const list = await (await get("offline.json", SITE.list)).json(), digests = new Map(list.map(([url, , digest]) => [url, digest]))
  const files = await mlguideCopy(list, wanted, async page => (await get(page || "./", digests.get(page))).text())
  let done = 0
  const plugins = [{ handlerDidComplete: async ({ error }) => { if (!error && (++done % 5 === 0 || done === files.length)) await tell({ saved: done, of: files.length }) } }]
  // several controllers fetch in parallel; files that are already saved aren't fetched again
  await Promise.all(Array.from({ length: PARTS }, (_, part) => {
    const own = new workbox.PrecacheController({ plugins })
    own.addToCacheList(entries(files.filter((_, at) => at % PARTS === part)))
    return own.install(event)
  }))
  await (await caches.open(store)).put(key, new Response(JSON.stringify(files)))
}

const activate = async event => {
  await start()
  await controller.activate(event)
  const cache = await caches.open(store)
  for (const request of await cache.keys()) if (request.url !== key) await cache.delete(request)
  await clients.claim()
}

const saved = address => {
  const url = new URL(address)
  url.hash = url.search = ""
  const whole = url.href.replace(/\/index\.html$/, "/")
  return controller.getCacheKeyForURL(whole.startsWith(scope) ? scope + mlguideListed(whole.slice(scope.length)) : whole)
}

const missing = () => {
  const text = SITE.page.map(part => part.replace(/[&<]/g, sign => `&#${sign.charCodeAt()};`))
  const html = `<!doctype html><html lang="${SITE.language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${text[0]}</title><body style="max-width:34rem;margin:15vh auto;padding:0 1rem;font:1.0625rem/1.6 sans-serif"><h1 dir="auto">${text[0]}</h1><p dir="auto">${text[1]}</p><p><a href="${scope}">${text[2]}</a></p>`
  return new Response(html, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'" } })
}

const respond = async event => {
  await start()
  const { request } = event, cacheKey = saved(request.url), navigates = request.mode === "navigate"
  const fromCopy = () => controller.strategy.handle({ event, request, params: { cacheKey, integrity: controller.getIntegrityForCacheKey(cacheKey) } })
  const client = !navigates && event.clientId ? await clients.get(event.clientId) : null, isSaved = !client || Boolean(saved(client.url))
  if (cacheKey && isSaved) return fromCopy()
  // while an update waits, a saved page must not load parts of new pages; the theme then opens the page as a whole
  if (client && isSaved && (registration.waiting || registration.installing) && /(\/|\.html)$/.test(new URL(request.url).pathname)) return Response.error()
  try {
    return await fetch(request)
  } catch (error) {
    if (cacheKey) return fromCopy()
    if (navigates) return missing()
    throw error
  }
}

addEventListener("install", event => event.waitUntil(install(event)))
addEventListener("activate", event => event.waitUntil(activate(event)))
addEventListener("message", event => { if (event.data === "activate") skipWaiting() })
addEventListener("fetch", event => {
  const { request } = event
  // audio is requested in ranges, and is never saved
  if (request.method === "GET" && request.url.startsWith(scope) && !request.headers.has("range")) event.respondWith(respond(event))
})
