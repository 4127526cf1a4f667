// 锁屏: Alt+L, the button, or minutes of nobody's hand on any page of this browser. The page stays as it is behind the
// dialog; the server answers no page of this session until the second factor was shown. Other tabs are told. Each locking
// has a sign: a page uncovers itself only when the server says that this very locking was opened, so a message lost on the
// way or a slow line never opens it.

const box = document.getElementById("mq-lock");
const dialog = box.content.firstElementChild;
const form = dialog.querySelector("form");
const said = dialog.querySelector("[role=alert]");
const others = new BroadcastChannel("mq-lock");
const LOOK = 4000; // ms between two questions whether it is open
const TELL = 10000; // ms: other tabs are told of a hand at most this often
let last = Date.now();
let told = 0;
let sign = "";
let before = null;
let asking = null;

const ask = (url, body) =>
  fetch(url, { method: body ? "POST" : "GET", body, headers: { "X-Lock": sign, "X-Poll": "1" } }).catch(() => null);

function tell(words) {
  said.textContent = words;
  said.hidden = !words;
}

function judge(answer) {
  if (answer && answer.redirected) tell(box.dataset.over); // the session itself is over
  else if (answer && answer.status === 204) return uncover();
  return null;
}

function cover(given) {
  if (dialog.open) return;
  sign = given;
  before = document.activeElement;
  if (!dialog.isConnected) document.body.append(dialog);
  document.body.classList.add("mq-locked");
  tell("");
  dialog.showModal();
  form.elements.code.value = "";
  form.elements.code.focus();
  asking = setInterval(async () => judge(await ask(form.action)), LOOK);
}

function uncover() {
  clearInterval(asking);
  sign = "";
  last = Date.now();
  document.body.classList.remove("mq-locked");
  dialog.close();
  if (before) before.focus();
}

function lock() {
  if (dialog.open) return;
  cover([...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
  others.postMessage({ locked: sign });
  ask(box.dataset.lock, new FormData(form)); // lost on the way: the next question locks as well
}

function hand() {
  last = Date.now();
  if (last - told > TELL) others.postMessage({ hand: (told = last) });
}

dialog.addEventListener("cancel", (event) => event.preventDefault());
dialog.addEventListener("keydown", (event) => event.key === "Escape" && event.preventDefault());
dialog.addEventListener("close", () => sign && dialog.showModal());
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await ask(form.action, new FormData(form));
  judge(answer);
  if (answer && answer.status === 204) return others.postMessage({ open: true });
  if (!answer || !answer.redirected) tell(answer ? await answer.text() : box.dataset.offline);
  return form.elements.code.select();
});
others.addEventListener("message", ({ data }) => {
  if (data.locked) cover(data.locked);
  else if (data.hand) last = Math.max(last, data.hand);
  else if (dialog.open) ask(form.action).then(judge);
});

for (const button of document.querySelectorAll("[data-mq-lock]"))
  button.form.addEventListener("submit", (event) => {
    event.preventDefault();
    lock();
  });
document.addEventListener("keydown", (event) => {
  if (!dialog.open) hand();
  if (event.altKey && !event.ctrlKey && event.code === "KeyL") {
    event.preventDefault();
    lock();
  }
});
for (const kind of ["pointerdown", "pointermove", "scroll"]) document.addEventListener(kind, hand, { passive: true });
const idle = Number(box.dataset.minutes) * 60000;
if (idle) setInterval(() => Date.now() - last > idle && lock(), 5000);
