// A sheet keeps itself as it is typed: its line says 正在保存, 已自动保存 with the time, or 没有保存 and why. Closing the tab
// while something is not saved is asked about. Without this the buttons of the sheet save.

const form = document.getElementById("sheet");
const line = document.getElementById("mq-saved");
let typed = 0; // counts what was typed
let saved = 0; // what of it the server has
let under = 0; // what a save on its way has
let sent = false; // the page itself is on its way

form.addEventListener("input", () => (typed += 1));
form.addEventListener("submit", () => (sent = true));
form.addEventListener("htmx:beforeRequest", (event) => {
  if (sent) return event.preventDefault();
  under = typed;
  line.textContent = line.dataset.saving;
});
form.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful && !event.detail.xhr.responseText.includes("mq-unsaved")) saved = under;
});
form.addEventListener("htmx:sendError", () => (line.textContent = line.dataset.lost));
form.addEventListener("htmx:responseError", () => (line.textContent = line.dataset.lost));
window.addEventListener("beforeunload", (event) => {
  if (typed > saved && !sent) event.preventDefault();
});
