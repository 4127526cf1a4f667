// A decision table of a draft. The source stands in the form; this shows it as a table and as a drawing of what hangs on
// what, asks the server what is wrong with it and what it says of answers, and marks the rows that were hit.

import { inChinese } from "./expert-words.js";

const board = document.getElementById("mq-board");
const form = document.getElementById("mq-table");
const source = document.getElementById("mq-source");
const views = document.getElementById("mq-views");
const may = !source.readOnly;
const told = () => document.getElementById("mq-told");
const KINDS = { drd: "关系图", decisionTable: "表", literalExpression: "表达式", boxedExpression: "表达式" };
const words = { additionalModules: [inChinese] };
const tools = new window.DmnJS({
  container: board,
  drd: words,
  decisionTable: words,
  literalExpression: words,
  boxedExpression: words,
});
const say = (text) => (document.getElementById("mq-drawn").textContent = text);
let shown = false;
let changed = false;
let sent = false;

async function show(xml) {
  try {
    const { warnings } = await tools.importXML(xml, { open: false });
    const all = tools.getViews();
    const drawn = xml.includes("DMNDI");
    const first = all.find((one) => one.type !== "drd") || all[0];
    if (first) await tools.open(first);
    shown = true;
    board.dataset.shown = "yes";
    say(warnings.length ? `有${warnings.length}处内容这里读不全，保存以后可能会丢，请先和源文件核对。` : "");
    tabs(drawn);
    marked();
  } catch (wrong) {
    board.dataset.shown = "no";
    say(`打不开：${wrong.message}`);
  }
}

function tabs(drawn) {
  const now = tools.getActiveView();
  views.replaceChildren(
    ...tools
      .getViews()
      .filter((one) => one.type !== "drd" || drawn)
      .map((one) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "mq-btn mq-btn--second";
        button.textContent = one.type === "drd" ? KINDS.drd : `${KINDS[one.type] || "规则"}：${one.name || "没有名称"}`;
        button.setAttribute("aria-pressed", String(Boolean(now) && one.id === now.id && one.type === now.type));
        button.addEventListener("click", async () => {
          await tools.open(one);
          tabs(drawn);
          marked();
        });
        return button;
      }),
  );
}

function marked() {
  for (const cell of board.querySelectorAll(".mq-hit")) cell.classList.remove("mq-hit");
  for (const one of told().querySelectorAll("[data-hit]")) {
    for (const cell of board.querySelectorAll(`[data-row-id="${CSS.escape(one.dataset.hit)}"]`)) cell.classList.add("mq-hit");
  }
}

async function ask() {
  const data = new FormData(form);
  data.set("xml", (await tools.saveXML({ format: true })).xml);
  data.set("deed", "check");
  const answer = await fetch(window.location.pathname, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok) return;
  told().outerHTML = await answer.text();
  marked();
}

// Each view is an editor of its own; their changes are seen by what they save.
let last = "";
async function looked() {
  if (!shown || sent) return;
  const { xml } = await tools.saveXML({ format: true });
  if (last && xml !== last) {
    changed = true;
    if (may) say("有改动还没有保存。");
    await ask();
  }
  last = xml;
}
board.addEventListener("focusout", () => window.setTimeout(looked, 300));
board.addEventListener("click", () => window.setTimeout(looked, 300));

if (may) {
  source.addEventListener("change", async () => {
    changed = true;
    await show(source.value);
    ask();
  });
}
let ready = false;
form.addEventListener("submit", async (event) => {
  const deed = event.submitter?.value;
  if (ready || !shown || board.dataset.shown !== "yes") {
    sent = true;
    return;
  }
  event.preventDefault();
  document.activeElement?.blur();
  if (deed === "try") return ask();
  source.value = (await tools.saveXML({ format: true })).xml;
  ready = true;
  sent = true;
  window.setTimeout(() => form.requestSubmit(event.submitter)); // not while this press is still being told
});
window.addEventListener("beforeunload", (event) => {
  if (may && changed && !sent) event.preventDefault();
});

await show(source.value);
if (shown) last = (await tools.saveXML({ format: true })).xml;
