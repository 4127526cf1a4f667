// Keeps one page of the agent and what it is drawn with, so that it opens where there is no line. Nothing a person
// said goes through here: drafts lie in the page's own store, encrypted. Its scope is the page and nothing else.

const CACHE = "mingqu-errands-offline-1";
const PAGE = new URL("./", self.location.href).href;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const { keep, forget } = event.data || {};
  const done = () => event.ports[0] && event.ports[0].postMessage("done");
  if (forget) event.waitUntil(caches.delete(CACHE).then(done));
  if (keep) event.waitUntil(keepAll(keep).then(done));
});

async function keepAll(addresses) {
  const cache = await caches.open(CACHE);
  await Promise.all(
    [PAGE, ...addresses].map(async (address) => {
      const answer = await fetch(address, { credentials: "same-origin" });
      if (answer.ok && !answer.redirected) await cache.put(address, answer);
    }),
  );
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const here = request.mode === "navigate" ? request.url.split(/[?#]/)[0] === PAGE : request.destination !== "";
  if (request.method !== "GET" || !here) return;
  event.respondWith(
    fetch(request).catch(async () => {
      const cache = await caches.open(CACHE);
      return (await cache.match(request, { ignoreSearch: true, ignoreVary: true })) || Response.error();
    }),
  );
});
