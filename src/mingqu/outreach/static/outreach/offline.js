// 离线填写: drafts an agent takes down without a line. Each gets its id here; sending the same id again is the same
// errand. At rest a draft is encrypted (AES-GCM) under a key made from the words the agent chose (PBKDF2); once it is
// taken in, what was typed is deleted here and only its number stays.

const root = document.getElementById("offline");
const facts = JSON.parse(document.getElementById("offline-items").textContent);
const { pageUrl, syncUrl, tokenUrl, workerUrl, errandUrl, owner } = root.dataset;
const IDLE = 10 * 60 * 1000;
const ROUNDS = 310000;
const WORDS = {
  local: ["special", "在这台设备上，没有同步"],
  sending: ["accepted", "正在同步"],
  taken: ["done", "已同步"],
  wrong: ["correct", "要改正"],
  conflict: ["correct", "有冲突"],
};
const WITHOUT = "现在没有网络，填的内容保存在这台设备上。";
const at = (name) => root.querySelector(`[data-at="${name}"]`);
const say = (name, text) => {
  at(name).textContent = text;
  at(name).hidden = !text;
};

let key = null; // of this sitting; never stored
let editing = null;
let syncing = null;

// The store ----------------------------------------------------------------------------------------------------

const opened = new Promise((resolve, reject) => {
  const asked = indexedDB.open(`mingqu-errands-${owner}`, 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore("facts");
    asked.result.createObjectStore("drafts", { keyPath: "id" });
  };
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});

async function on(store, mode, deed) {
  const db = await opened;
  return new Promise((resolve, reject) => {
    const work = db.transaction(store, mode);
    const asked = deed(work.objectStore(store));
    work.oncomplete = () => resolve(asked.result);
    work.onerror = work.onabort = () => reject(work.error);
  });
}

const fact = (name) => on("facts", "readonly", (s) => s.get(name));
const setFact = (name, value) => on("facts", "readwrite", (s) => s.put(value, name));
const all = () => on("drafts", "readonly", (s) => s.getAll());
const one = (id) => on("drafts", "readonly", (s) => s.get(id));
const put = (draft) => on("drafts", "readwrite", (s) => s.put(draft));
const drop = (id) => on("drafts", "readwrite", (s) => s.delete(id));

async function derived(words, salt) {
  const raw = await crypto.subtle.importKey("raw", new TextEncoder().encode(words), "PBKDF2", false, ["deriveKey"]);
  const way = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(way, raw, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

async function sealed(value, under = key) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(value));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, under, plain) };
}

async function unsealed({ iv, data }, under = key) {
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, under, data);
  return JSON.parse(new TextDecoder().decode(plain));
}

// Opening and shutting -----------------------------------------------------------------------------------------

async function unlock(words) {
  const salt = (await fact("salt")) || crypto.getRandomValues(new Uint8Array(16));
  const made = await derived(words, salt);
  const check = await fact("check");
  if (check) {
    try {
      await unsealed(check, made);
    } catch {
      return false;
    }
  } else {
    await setFact("salt", salt);
    await setFact("check", await sealed("mingqu", made));
  }
  key = made;
  return true;
}

function shut() {
  key = null;
  startAnew();
  show();
}

let idle = 0;
for (const kind of ["pointerdown", "keydown"]) {
  document.addEventListener(kind, () => {
    clearTimeout(idle);
    if (key) idle = setTimeout(shut, IDLE);
  });
}

at("unlock").addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = event.target.elements.words;
  if (field.value.length < 8) return say("unlock-error", "口令至少8个字符。");
  const fine = await unlock(field.value);
  field.value = "";
  say("unlock-error", fine ? "" : "口令不对。忘了口令，这台设备上没有同步的草稿就读不出来，只能清空重填。");
  if (fine) show();
});

// The form -----------------------------------------------------------------------------------------------------

function make(tag, attributes = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== false) made.setAttribute(name, value === true ? "" : value);
  made.append(...inside);
  return made;
}

function asked(question, given) {
  const { name, title, hint, kind, options, many } = question;
  const group = make("div", { class: "govuk-form-group" });
  if (options.length) {
    const set = make("fieldset", { class: "govuk-fieldset" }, make("legend", { class: "govuk-fieldset__legend govuk-fieldset__legend--s" }, title));
    const type = many ? "checkbox" : "radio";
    const rows = make("div", { class: `govuk-${many ? "checkboxes" : "radios"}` });
    options.forEach(([value, label], place) => {
      const id = `${name}-${place}`;
      const held = [].concat(given ?? []).map(String).includes(String(value));
      const input = make("input", { class: `govuk-${many ? "checkboxes" : "radios"}__input`, type, id, name, value, checked: held });
      const words = make("label", { class: `govuk-label govuk-${many ? "checkboxes" : "radios"}__label`, for: id }, label);
      rows.append(make("div", { class: `govuk-${many ? "checkboxes" : "radios"}__item` }, input, words));
    });
    set.append(rows);
    group.append(set);
    return group;
  }
  group.append(make("label", { class: "govuk-label", for: name }, title));
  if (hint) group.append(make("div", { class: "govuk-hint", id: `${name}-hint` }, hint));
  const wanted = { class: "govuk-input", id: name, name, autocomplete: "off", type: kind === "date" ? "date" : "text" };
  if (hint) wanted["aria-describedby"] = `${name}-hint`;
  if (kind === "number") wanted.inputmode = "decimal";
  const input = make("input", wanted);
  input.value = given ?? "";
  group.append(input);
  return group;
}

function drawQuestions(given = {}) {
  const chosen = facts.find((item) => item.key === at("form").elements.what.value);
  at("questions").replaceChildren(...(chosen ? chosen.questions.map((q) => asked(q, given[q.name])) : []));
}

at("form")?.elements.what.addEventListener("change", () => drawQuestions());

function startAnew() {
  editing = null;
  if (!at("form")) return; // nothing is delegated to this point
  at("form").reset();
  drawQuestions();
}

function typed() {
  const { elements } = at("form");
  const item = facts.find((one) => one.key === elements.what.value);
  const answers = {};
  for (const { name, many, options } of item ? item.questions : []) {
    const found = [...root.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
    if (options.length) {
      const values = found.filter((input) => input.checked).map((input) => input.value);
      if (values.length) answers[name] = many ? values : values[0];
    } else if (found[0].value.trim()) {
      answers[name] = found[0].value.trim();
    }
  }
  return { name: elements.name.value.trim(), number: elements.number.value.trim(), what: elements.what.value, answers };
}

// The last of the eighteen follows from the others (GB 11643): a slip is met while the card still lies there.
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
function slipped(number) {
  const given = number.replace(/\s/g, "").toUpperCase();
  if (!/^\d{17}[\dX]$/.test(given)) return true;
  return "10X98765432"[WEIGHTS.reduce((sum, weight, place) => sum + weight * given[place], 0) % 11] !== given[17];
}

function refused(field, text) {
  say("form-error", text);
  at("form").elements[field].focus();
}

at("form")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const given = typed();
  say("saved", "");
  if (!given.name) return refused("name", "请填证件上的姓名。");
  if (slipped(given.number)) return refused("number", "公民身份号码不对，是18位，请照身份证再核对一遍。");
  if (!given.what) return refused("what", "请选要办的事。");
  if (!at("form").elements.seen.checked) return refused("seen", "请先核对身份证原件，再勾选。");
  say("form-error", "");
  const before = editing ? await one(editing) : null;
  if (editing && !before?.data) return say("form-error", "这一份刚才已经同步了，请从下面的清单打开它，接着改。");
  const other = before?.state === "conflict"; // its id is another's: saved again it is a draft of its own
  const id = editing && !other ? editing : crypto.randomUUID();
  const saved = { id, began: before ? before.began : Date.now(), state: "local", words: "", number: "", ...(await sealed(given)) };
  await put(saved);
  if (other) await drop(editing);
  startAnew();
  say("saved", "已保存到这台设备。有网络的时候按“同步”。");
  show();
});

async function edit(id) {
  const draft = await one(id);
  const given = await unsealed(draft);
  editing = id;
  const { elements } = at("form");
  elements.name.value = given.name;
  elements.number.value = given.number;
  elements.what.value = given.what;
  elements.seen.checked = true;
  drawQuestions(given.answers);
  say("saved", "");
  elements.name.focus();
}

// Sending ------------------------------------------------------------------------------------------------------

async function token() {
  const answer = await fetch(tokenUrl, { credentials: "same-origin", redirect: "manual" });
  if (!answer.ok) throw new Error(answer.type === "opaqueredirect" || answer.status === 403 ? "signed out" : "no line");
  return (await answer.json()).token;
}

async function send({ id: wanted }, csrf) {
  const draft = await one(wanted); // as it stands now: others were sent before it, and it may have been changed
  if (!draft?.data || draft.state === "conflict") return;
  const given = await unsealed(draft);
  await put({ ...draft, state: "sending" });
  const answer = await fetch(syncUrl, {
    method: "POST",
    credentials: "same-origin",
    redirect: "manual",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify({ id: draft.id, ...given }),
  });
  if (!answer.ok) throw new Error("no answer");
  const said = await answer.json();
  const now = await one(wanted);
  if (!now?.data || String(now.iv) !== String(draft.iv)) return; // deleted, or changed meanwhile: sent the next time
  const { id, began } = draft;
  if (said.state === "taken") await put({ id, began, state: "taken", words: said.words, number: said.number });
  else await put({ ...draft, state: said.state, words: said.words, number: said.number || "" });
}

async function sync() {
  if (syncing || !key) return;
  syncing = (async () => {
    say("sync-state", "正在同步……");
    try {
      const csrf = await token();
      const waiting = (await all()).filter((draft) => draft.data && draft.state !== "conflict");
      for (const draft of waiting) {
        await send(draft, csrf);
        await show();
      }
      say("sync-state", "同步完了。");
    } catch (error) {
      for (const draft of await all()) if (draft.state === "sending") await put({ ...draft, state: "local" });
      const out = error.message === "signed out";
      say("sync-state", out ? "登录已经过期，请在新窗口重新登录，再按“同步”。草稿都还在。" : "现在没有网络，草稿都还在。有网络再按“同步”，不会重复。");
    }
  })();
  await syncing;
  syncing = null;
  await show();
}

at("sync").addEventListener("click", sync);
window.addEventListener("online", () => {
  say("ready", "现在有网络。");
  if (at("auto").checked) sync();
});
window.addEventListener("offline", () => say("ready", WITHOUT));

at("wipe").addEventListener("click", async () => {
  const left = (await all()).filter((draft) => draft.data).length;
  if (!window.confirm(left ? `还有${left}份没有同步，清空就没有了。确定清空？` : "清空这台设备上的记录？")) return;
  for (const draft of await all()) await drop(draft.id);
  await on("facts", "readwrite", (s) => s.clear());
  shut();
  await tell({ forget: true });
});

// The list -----------------------------------------------------------------------------------------------------

async function line(draft) {
  const [tag, words] = WORDS[draft.state];
  const given = draft.data && key ? await unsealed(draft) : null;
  const item = given && facts.find((one) => one.key === given.what);
  const parts = given ? [make("b", {}, `${given.name}　${item ? item.name : ""}`)] : [];
  if (!given && !draft.number) parts.push(make("b", {}, "已加密，输入口令后显示"));
  if (draft.number) parts.push(make("a", { class: "mq-code", href: errandUrl.replace("DB0", draft.number) }, draft.number));
  if (draft.words) parts.push(draft.words);
  const about = make("span", {}, ...parts.flatMap((part, place) => (place ? [make("br"), part] : [part])));
  const row = make("li", { "data-draft": draft.id, "data-state": draft.state }, about, make("span", { class: `mq-tag mq-tag--${tag}` }, words));
  if (given) {
    const change = make("button", { class: "mq-linkbtn", type: "button" }, "改");
    change.addEventListener("click", () => edit(draft.id));
    const remove = make("button", { class: "mq-linkbtn", type: "button" }, "删除");
    remove.addEventListener("click", async () => {
      if (!window.confirm(`删除${given.name}的这一份？没有同步，删了就没有了。`)) return;
      if (editing === draft.id) editing = null; // what stands in the form is a new one from now on
      await drop(draft.id).then(show);
    });
    row.append(change, remove);
  }
  return row;
}

async function show() {
  const found = (await all()).sort((a, b) => b.began - a.began);
  const waiting = found.filter((draft) => draft.data).length;
  at("shut").hidden = Boolean(key);
  at("open").hidden = !key;
  at("count").textContent = waiting ? `${waiting}份没有同步` : "没有要同步的";
  at("list").replaceChildren(...(await Promise.all(found.map(line))));
  at("none").hidden = found.length > 0;
}

// The page itself, kept for a day without a line ---------------------------------------------------------------

async function tell(message) {
  const registration = await navigator.serviceWorker?.ready;
  if (!registration?.active) return;
  await new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = resolve;
    registration.active.postMessage(message, [channel.port2]);
  });
}

async function prepare() {
  if (!window.isSecureContext || !("serviceWorker" in navigator)) {
    at("shut").hidden = true; // nothing can be encrypted here
    return say("ready", "这个网址不是https，离线填写用不了，请找系统管理员。有网络的时候，请用“帮一个人办事”。");
  }
  await navigator.serviceWorker.register(workerUrl, { scope: pageUrl });
  const used = performance.getEntriesByType("resource").map((entry) => entry.name.split(/[?#]/)[0]);
  const own = used.filter((address) => address.startsWith(location.origin) && /\.(css|js|woff2?|svg|png)$/.test(address));
  await tell({ keep: [...new Set(own)] });
  say("ready", "这一页已经存好，没有网络也能打开。");
  root.dataset.ready = "yes";
}

startAnew();
await show();
if (navigator.onLine) prepare().catch(() => say("ready", "这一页还没有存好，请在有网络的时候刷新一次。"));
else say("ready", WITHOUT);
