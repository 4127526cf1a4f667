// 锁屏: Alt+L, the button, or minutes of nobody's hand. The page stays as it is behind the dialog; the server answers no
// page of this session until the second factor was shown. Other tabs are told.

const box = document.getElementById("mq-lock");
const dialog = box.content.firstElementChild;
const form = dialog.querySelector("form");
const said = dialog.querySelector("[role=alert]");
const others = new BroadcastChannel("mq-lock");
let last = Date.now();
let before = null;
let asking = null;

const send = (url, body) =>
  fetch(url, { method: "POST", body, headers: { "X-Lock": "1" }, redirect: "error", credentials: "same-origin" });

function cover() {
  if (dialog.open) return;
  before = document.activeElement;
  if (!dialog.isConnected) document.body.append(dialog);
  document.body.classList.add("mq-locked");
  said.hidden = true;
  dialog.showModal();
  form.elements.code.value = "";
  form.elements.code.focus();
  asking = setInterval(async () => {
    // Opened in another tab, or with a passkey on the page of its own.
    const answer = await fetch(form.action, { headers: { "X-Lock": "1", "X-Poll": "1" } }).catch(() => null);
    if (answer && answer.status === 204) uncover();
  }, 4000);
}

function uncover() {
  clearInterval(asking);
  last = Date.now();
  document.body.classList.remove("mq-locked");
  if (dialog.open) dialog.close();
  if (before) before.focus();
}

async function lock() {
  cover(); // what is on the screen is gone at once, whatever the network does
  others.postMessage("locked");
  await send(box.dataset.lock, new FormData(form)).catch(() => null);
}

dialog.addEventListener("cancel", (event) => event.preventDefault());
dialog.addEventListener("keydown", (event) => event.key === "Escape" && event.preventDefault());
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await send(form.action, new FormData(form)).catch(() => null);
  if (answer && answer.status === 204) {
    others.postMessage("open");
    return uncover();
  }
  said.textContent = answer ? await answer.text() : box.dataset.offline;
  said.hidden = false;
  form.elements.code.select();
});
others.addEventListener("message", (event) => (event.data === "locked" ? cover() : uncover()));

for (const button of document.querySelectorAll("[data-mq-lock]"))
  button.form.addEventListener("submit", (event) => {
    event.preventDefault();
    lock();
  });
document.addEventListener("keydown", (event) => {
  last = Date.now();
  if (event.altKey && !event.ctrlKey && event.code === "KeyL") {
    event.preventDefault();
    lock();
  }
});
for (const kind of ["pointerdown", "pointermove", "scroll"])
  document.addEventListener(kind, () => (last = Date.now()), { passive: true });
const idle = Number(box.dataset.minutes) * 60000;
if (idle) setInterval(() => Date.now() - last > idle && lock(), 5000);
