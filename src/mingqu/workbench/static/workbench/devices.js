// The devices of this window, through the program on this computer (docs/devices.md). All of it is a second way: where
// no program answers, the buttons are not there, and every page works by keyboard as before.

const box = document.querySelector("[data-mq-devices]");
const MOST = 16 * 1024 * 1024; // characters of an answer: a picture of one page
const WAIT = { id_reader: 20, camera: 20, signature_pad: 90, rating: 90, printer: 30 }; // seconds
const KNOWN = ["no_card", "paper_out", "cancelled", "timeout", "busy"];

class Refused extends Error {}

const words = box?.querySelector("[data-mq-words]").dataset;
const said = box?.querySelector("[data-mq-said]");
const say = (text) => {
  said.textContent = text;
  said.hidden = !text;
};

async function talk(path, body, seconds) {
  const answer = await fetch(`http://127.0.0.1:${box.dataset.mqPort}/v1/${path}`, {
    method: body ? "POST" : "GET",
    headers: { Authorization: `Bearer ${box.dataset.mqToken}`, ...(body && { "Content-Type": "application/json" }) },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(seconds * 1000),
    credentials: "omit",
    cache: "no-store",
    redirect: "error",
    referrerPolicy: "no-referrer",
  });
  const text = await answer.text();
  if (text.length > MOST) throw new Refused("broken");
  let given;
  try {
    given = JSON.parse(text);
  } catch {
    throw new Refused("broken");
  }
  if (!answer.ok) throw new Refused(KNOWN.includes(given?.error) ? given.error : "other");
  return given;
}

// The platform is asked first: the question is signed, stands in the ledger, and its answer counts once.
async function ask(device, more = {}) {
  const form = new FormData();
  form.set("csrfmiddlewaretoken", box.querySelector("[name=csrfmiddlewaretoken]").value);
  form.set("key", crypto.randomUUID?.() ?? uuid());
  form.set("device", device);
  for (const [name, value] of Object.entries(more)) form.set(name, value);
  const answer = await fetch(box.dataset.mqDevices, { method: "POST", body: form, credentials: "same-origin" });
  const given = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Refused("other"), { says: given.says });
  return given;
}

function uuid() {
  const drawn = crypto.getRandomValues(new Uint8Array(16));
  drawn[6] = (drawn[6] & 15) | 64;
  drawn[8] = (drawn[8] & 63) | 128;
  const hex = [...drawn].map((one) => one.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const bytes = (base64) => Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));

// What a device says to a page, looked at here; what is kept of it is looked at again by the platform.
async function use(device, more) {
  const question = await ask(device, more);
  const { answer } = await talk(device, question, WAIT[device]);
  let read;
  try {
    read = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes(answer.split(".")[0])));
  } catch {
    throw new Refused("broken");
  }
  if (read.device !== device || read.nonce !== question.nonce || typeof read.result !== "object") throw new Refused("broken");
  return { answer, result: read.result };
}

async function press(button, done, work) {
  button.disabled = true;
  say(words.waiting);
  try {
    await work();
    say(done);
  } catch (failed) {
    const code = failed instanceof Refused ? failed.message : failed.name === "TimeoutError" ? "timeout" : "offline";
    say(`${(failed.says ?? words[code]).replace(/。?$/, "。")}${words.instead}`);
  } finally {
    button.disabled = false;
  }
}

const has = (device) => box.querySelector(`[data-mq-device="${device}"]`);
function add(device, place, where, done, work) {
  const button = box.querySelector(`[data-mq-button="${device}"]`).content.firstElementChild.cloneNode(true);
  button.dataset.mqUses = device;
  button.hidden = true; // until the device says that it is there
  place.insertAdjacentElement(where, button);
  button.addEventListener("click", () => press(button, done, () => work(button)));
}

function card(form) {
  add("id_reader", form.elements.number.closest(".govuk-form-group"), "beforebegin", words.card, async () => {
    const { answer, result } = await use("id_reader");
    if (typeof result.number !== "string" || typeof result.kind !== "string") throw new Refused("broken");
    form.elements.number.value = result.number.slice(0, 40);
    form.elements.kind.value = result.kind;
    form.elements.reading.value = answer;
    form.elements.seen.focus();
  });
}

function camera(input) {
  add("camera", input, "afterend", words.page, async () => {
    const { result } = await use("camera");
    if (result.type !== "image/jpeg" || typeof result.image !== "string") throw new Refused("broken");
    const page = bytes(result.image);
    if (page[0] !== 0xff || page[1] !== 0xd8) throw new Refused("broken");
    const all = new DataTransfer();
    for (const file of input.files) all.items.add(file);
    all.items.add(new File([page], `高拍仪第${all.items.length + 1}页.jpg`, { type: "image/jpeg" }));
    input.files = all.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

function pad(sign) {
  const canvas = sign.querySelector("canvas");
  const field = sign.querySelector("input");
  add("signature_pad", sign, "beforeend", words.signed, async () => {
    const { result } = await use("signature_pad");
    if (result.type !== "image/png" || typeof result.image !== "string") throw new Refused("broken");
    const drawn = new Image();
    drawn.src = `data:image/png;base64,${result.image}`;
    await drawn.decode().catch(() => {
      throw new Refused("broken");
    });
    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(drawn, 0, 0, canvas.width, canvas.height);
    field.value = canvas.toDataURL("image/png"); // drawn anew: nothing but the strokes comes from the device
    field.dispatchEvent(new Event("change", { bubbles: true }));
    sign.querySelector("[role=status]").textContent = sign.dataset.mqSigned;
  });
}

function printer(link) {
  add("printer", link, "afterend", words.printed, async () => {
    const answer = await fetch(link.href, { credentials: "same-origin" });
    const page = new Uint8Array(await answer.arrayBuffer());
    if (!answer.ok || String.fromCharCode(...page.slice(0, 5)) !== "%PDF-") throw new Refused("other");
    let text = "";
    for (let at = 0; at < page.length; at += 8192) text += String.fromCharCode(...page.subarray(at, at + 8192));
    const question = await ask("printer");
    await talk("printer", { ...question, title: link.textContent.trim().slice(0, 80), document: btoa(text) }, WAIT.printer);
  });
}

function rating(button) {
  button.dataset.mqUses = "rating";
  // The program tells the platform what was pressed; this page learns only that somebody pressed.
  button.addEventListener("click", () =>
    press(button, words.rated, async () => {
      const question = await ask("rating", { number: button.dataset.mqRate });
      await talk("rating", question, WAIT.rating);
      button.remove();
    }),
  );
}

async function look() {
  let states = {};
  try {
    states = (await talk("state", null, 4)).devices ?? {};
  } catch {
    // nobody answers: everything is offline, and the page says so
  }
  for (const one of box.querySelectorAll("[data-mq-device]")) {
    const state = ["ready", "absent", "busy"].includes(states[one.dataset.mqDevice]) ? states[one.dataset.mqDevice] : "offline";
    one.querySelector("[data-mq-state]").textContent = words[state];
    for (const button of document.querySelectorAll(`[data-mq-uses="${one.dataset.mqDevice}"]`)) button.hidden = state !== "ready";
  }
}

if (box) {
  const form = document.querySelector("form[data-mq-card]");
  if (form && has("id_reader")) card(form);
  if (has("camera")) document.querySelectorAll("main input[type=file]").forEach(camera);
  if (has("signature_pad")) document.querySelectorAll("[data-mq-sign]").forEach(pad);
  if (has("printer")) document.querySelectorAll("a[data-mq-paper]").forEach(printer);
  if (has("rating")) document.querySelectorAll("button[data-mq-rate]").forEach(rating);
  look();
  setInterval(() => document.hidden || said.textContent === words.waiting || look(), 20_000);
}
