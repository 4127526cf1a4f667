// The flow of a draft as a drawing. The source stands in the form; this shows it, lets it be drawn, asks the server what is
// wrong with it and marks that on the drawing. Who may not edit, and the page of the step table, see it without tools.

import { inChinese } from "./expert-words.js";

const board = document.getElementById("mq-board");
const form = document.getElementById("mq-drawing");
const source = document.getElementById("mq-source");
const may = board.dataset.mayEdit === "yes";
const told = () => document.getElementById("mq-told");
const listed = document.getElementById("mq-elements");
const MQ = {
  name: "Mingqu",
  prefix: "mq",
  uri: "https://mingqu.org/bpmn",
  xml: { tagAlias: "lowerCase" },
  types: [
    {
      name: "Step",
      isAbstract: true,
      extends: ["bpmn:UserTask"],
      properties: ["post", "limit", "people", "sign", "signers", "votes"].map((name) => ({ name, isAttr: true, type: "String" })),
    },
    {
      name: "Awaits",
      isAbstract: true,
      extends: ["bpmn:ReceiveTask", "bpmn:CatchEvent"],
      properties: [{ name: "sender", isAttr: true, type: "String" }],
    },
  ],
};
const KINDS = {
  "bpmn:StartEvent": "开始", "bpmn:EndEvent": "结束", "bpmn:UserTask": "环节", "bpmn:BusinessRuleTask": "自动判定", "bpmn:ExclusiveGateway": "只走一条的网关",
  "bpmn:ParallelGateway": "同时走的网关", "bpmn:InclusiveGateway": "走符合条件的网关", "bpmn:SequenceFlow": "路线",
  "bpmn:SendTask": "告诉申请人", "bpmn:ReceiveTask": "等来件", "bpmn:IntermediateCatchEvent": "等待事件", "bpmn:IntermediateThrowEvent": "发出事件",
  "bpmn:BoundaryEvent": "环节边上的事件", "bpmn:CallActivity": "调用的流程", "bpmn:SubProcess": "子流程", "bpmn:TextAnnotation": "说明文字", "bpmn:Task": "没有写明的任务",
};
const SAYS = ["bpmn:SendTask", "bpmn:IntermediateThrowEvent"];
const HEARS = ["bpmn:ReceiveTask", "bpmn:IntermediateCatchEvent", "bpmn:BoundaryEvent"];
const GATES = ["bpmn:ExclusiveGateway", "bpmn:InclusiveGateway"];
const NOT_RUN = ["create.data-object", "create.data-store", "create.participant-expanded", "create.group"];

// A step of ours is done by people: the tools offer that first, and leave out what would never run.
function Steps(palette, contextPad, create, elementFactory, autoPlace) {
  const person = () => elementFactory.createShape({ type: "bpmn:UserTask" });
  palette.registerProvider(500, {
    getPaletteEntries: () => (entries) => {
      const begin = (event) => create.start(event, person());
      entries["create.task"] = { ...entries["create.task"], className: "bpmn-icon-user-task", action: { dragstart: begin, click: begin } };
      NOT_RUN.forEach((name) => delete entries[name]);
      return entries;
    },
  });
  contextPad.registerProvider(500, {
    getContextPadEntries: (element) => (entries) => {
      const task = entries["append.append-task"];
      if (task) {
        const after = () => autoPlace.append(element, person());
        entries["append.append-task"] = { ...task, className: "bpmn-icon-user-task", action: { dragstart: (event) => create.start(event, person(), { source: element }), click: after } };
      }
      return entries;
    },
  });
}
// What a key press puts into the middle of what is seen; the other tools need a mouse, and have keys of their own.
const PLACED = {
  "create.start-event": { type: "bpmn:StartEvent" },
  "create.intermediate-event": { type: "bpmn:IntermediateThrowEvent" },
  "create.end-event": { type: "bpmn:EndEvent" },
  "create.exclusive-gateway": { type: "bpmn:ExclusiveGateway" },
  "create.task": { type: "bpmn:UserTask" },
  "create.subprocess-expanded": { type: "bpmn:SubProcess", isExpanded: true },
};

function place(name) {
  const seen = get("canvas").viewbox();
  const shape = get("elementFactory").createShape(PLACED[name]);
  const at = { x: Math.round(seen.x + seen.width / 2), y: Math.round(seen.y + seen.height / 2) };
  const put = get("modeling").createShape(shape, at, get("canvas").getRootElement());
  get("selection").select(put);
  if (!panel.hidden) field("name").focus();
}

// The tools carry their words beside their signs (expert.css); what can be placed is reached with the Tab key.
function reachable() {
  for (const entry of board.querySelectorAll(".djs-palette .entry")) {
    if (PLACED[entry.dataset.action]) entry.tabIndex = 0;
  }
}

Steps.$inject = ["palette", "contextPad", "create", "elementFactory", "autoPlace"];

const tools = new window.BpmnJS({
  container: board,
  moddleExtensions: { mq: MQ },
  additionalModules: may ? [inChinese, { __init__: ["steps"], steps: ["type", Steps] }] : [inChinese],
});
const get = (name) => tools.get(name);
const say = (words) => (document.getElementById("mq-drawn").textContent = words);
let changed = false;
let sent = false;
let chosen = null;

async function show(xml) {
  try {
    await tools.importXML(xml);
    get("canvas").zoom("fit-viewport", "auto");
    board.dataset.shown = "yes";
    mark();
    list();
    reachable();
  } catch (wrong) {
    board.dataset.shown = "no";
    console.warn(wrong.message);
    say("画不出来：文件的写法有误，哪里有误写在“检查”里。");
  }
}

function mark() {
  const overlays = get("overlays");
  overlays.remove({ type: "mq" });
  for (const one of document.querySelectorAll('#mq-told [data-element]:not([data-kind="kept"]), #remarks [data-element]')) {
    if (!get("elementRegistry").get(one.dataset.element)) continue;
    const badge = document.createElement("span");
    badge.className = `mq-badge mq-badge--${one.dataset.kind}`;
    const remark = one.dataset.kind === "said";
    badge.textContent = remark ? "意" : "!";
    badge.title = remark ? one.querySelector("span").textContent : one.textContent;
    overlays.add(one.dataset.element, "mq", { position: { top: -10, [remark ? "right" : "left"]: remark ? 10 : -10 }, html: badge });
  }
}

function named(element) {
  const kind = KINDS[element.type] || element.type.replace("bpmn:", "");
  const words = element.businessObject.name || element.businessObject.text || "";
  if (element.type !== "bpmn:SequenceFlow") return words ? `${kind}：${words}` : kind;
  const ends = [element.source, element.target].map((end) => end.businessObject.name || KINDS[end.type] || "");
  return `${kind}：${ends[0]} → ${ends[1]}`;
}

// The drawing as a list: what a screen reader and a keyboard go through.
function list() {
  if (!listed) return;
  const rows = get("elementRegistry").filter((one) => one.parent && one.type !== "label" && !one.labelTarget && one.type.startsWith("bpmn:"));
  rows.sort((a, b) => (a.type === "bpmn:SequenceFlow") - (b.type === "bpmn:SequenceFlow") || (a.x || 0) - (b.x || 0) || (a.y || 0) - (b.y || 0));
  listed.replaceChildren(
    ...rows.map((one) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "mq-linkbtn";
      button.dataset.go = one.id;
      button.textContent = named(one);
      const line = document.createElement("li");
      line.append(button);
      return line;
    }),
  );
}

function go(id) {
  const element = get("elementRegistry").get(id);
  if (!element) return;
  get("canvas").scrollToElement(element, 80);
  if (may) get("selection").select(element);
  board.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-go]");
  if (!link) return;
  event.preventDefault();
  go(link.dataset.go);
  if (may && panel && !panel.hidden) panel.querySelector("input:not([hidden])")?.focus();
});

for (const button of document.querySelectorAll("[data-view]")) {
  button.addEventListener("click", () => {
    const canvas = get("canvas");
    if (button.dataset.view === "fit") canvas.zoom("fit-viewport", "auto");
    else canvas.zoom(canvas.zoom() * (button.dataset.view === "in" ? 1.25 : 0.8));
  });
}

// What is chosen in the drawing is what a remark would be about.
tools.on("selection.changed", (event) => {
  const asked = document.getElementById("say-path");
  const [one] = event.newSelection;
  const known = one && asked && [...asked.options].find((option) => option.value.endsWith(`#${one.id}`));
  if (known) asked.value = known.value;
});

// -- what is said about the chosen element

// Where an element names its message or signal: the task itself, or the definition of the event.
const NAMED = {
  "bpmn:MessageEventDefinition": { ref: "messageRef", kind: "bpmn:Message" },
  "bpmn:SignalEventDefinition": { ref: "signalRef", kind: "bpmn:Signal" },
};

function speaks(element) {
  const of = element.businessObject;
  if (["bpmn:SendTask", "bpmn:ReceiveTask"].includes(element.type)) return { of, ref: "messageRef", kind: "bpmn:Message" };
  if (![...SAYS, ...HEARS].includes(element.type)) return undefined;
  const found = (of.eventDefinitions || []).find((one) => NAMED[one.$type]);
  return found && { of: found, ...NAMED[found.$type] };
}

// One message may be named by several elements: then this one gets a message of its own, and theirs stays.
function nameMessage(element, name) {
  const modeling = get("modeling");
  const { of, ref, kind } = speaks(element);
  const refer = (message) => modeling.updateModdleProperties(element, of, { [ref]: message });
  const others = get("elementRegistry").getAll().map(speaks).filter((one) => one && one.of !== of);
  if (!name) return refer(undefined);
  if (of[ref] && !others.some((one) => one.of[one.ref] === of[ref])) return modeling.updateModdleProperties(element, of[ref], { name });
  const whole = tools.getDefinitions();
  const known = whole.rootElements.find((one) => one.$type === kind && one.name === name);
  const message = known || get("bpmnFactory").create(kind, { name });
  if (!known) {
    message.$parent = whole;
    modeling.updateModdleProperties(element, whole, { rootElements: [...whole.rootElements, message] });
  }
  return refer(message);
}

const panel = document.getElementById("mq-about");
const field = (name) => document.getElementById(`mq-f-${name}`);

function about(element) {
  chosen = element && element.businessObject && !Array.isArray(element) ? element : null;
  const type = chosen ? chosen.type : "";
  const flow = type === "bpmn:SequenceFlow";
  const fromGate = flow && GATES.includes(chosen.source.type);
  panel.hidden = !chosen || type === "bpmn:Process" || type === "bpmn:Collaboration";
  if (panel.hidden) return;
  const of = chosen.businessObject;
  document.getElementById("mq-about-name").textContent = named(chosen);
  field("name").value = of.name || "";
  const says = speaks(chosen);
  const message = says?.kind === "bpmn:Message";
  for (const part of panel.querySelectorAll("[data-for]")) {
    const fits = { gate: fromGate, says: SAYS.includes(type) && message, hears: HEARS.includes(type) && message, named: Boolean(says), signal: Boolean(says) && !message };
    part.hidden = !(part.dataset.for === type.replace("bpmn:", "") || fits[part.dataset.for]);
  }
  if (type === "bpmn:UserTask") {
    field("post").value = written(of.get("mq:post"));
    for (const name of ["limit", "people", "sign", "signers", "votes"]) field(name).value = of.get(`mq:${name}`) || "";
  }
  if (says) field("message").value = says.of[says.ref]?.name || "";
  if (message && HEARS.includes(type)) field("sender").value = of.get("mq:sender") || "";
  if (type === "bpmn:CallActivity") field("called").value = of.calledElement || "";
  if (fromGate) {
    field("when").value = of.conditionExpression ? of.conditionExpression.body : "";
    field("default").checked = chosen.source.businessObject.default === of;
  }
}

function written(code) {
  const known = [...document.querySelectorAll("#mq-posts option")].map((one) => one.value);
  return known.find((words) => words.endsWith(`（${code}）`)) || (code === "-" ? "" : code || "");
}

function codeOf(words) {
  const found = /（([^（）]+)）\s*$/.exec(words);
  return found ? found[1] : words.trim();
}

function write(event) {
  if (!chosen) return;
  const name = event.target.dataset.says;
  const value = event.target.value.trim();
  const modeling = get("modeling");
  const text = value || undefined;
  if (name === "name") modeling.updateProperties(chosen, { name: value });
  else if (name === "post") modeling.updateProperties(chosen, { "mq:post": codeOf(value) || undefined });
  else if (name === "when") {
    const body = value && get("bpmnFactory").create("bpmn:FormalExpression", { body: value });
    modeling.updateProperties(chosen, { conditionExpression: body || undefined });
  } else if (name === "message") {
    nameMessage(chosen, value);
  } else if (name === "called") {
    modeling.updateProperties(chosen, { calledElement: text });
  } else if (name === "default") {
    modeling.updateProperties(chosen.source, { default: event.target.checked ? chosen.businessObject : undefined });
  } else modeling.updateProperties(chosen, { [`mq:${name}`]: text });
}

// -- keeping

let later = 0;

// What was not drawn on goes as it came: saveXML writes only what bpmn-js knows.
async function drawing() {
  return get("commandStack").canUndo() ? (await tools.saveXML({ format: true })).xml : source.value;
}

async function ask() {
  const xml = await drawing();
  const data = new FormData(form);
  data.set("xml", xml);
  data.set("deed", "check");
  const answer = await fetch(form.action, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok) return;
  told().outerHTML = await answer.text();
  mark();
}

if (may) {
  form.action = window.location.pathname;
  tools.on("commandStack.changed", () => {
    const stack = get("commandStack");
    changed = changed || stack.canUndo();
    document.getElementById("mq-undo").disabled = !stack.canUndo();
    document.getElementById("mq-redo").disabled = !stack.canRedo();
    say(changed ? "有改动还没有保存。" : "");
    list();
    if (chosen) about(get("elementRegistry").get(chosen.id));
    window.clearTimeout(later);
    later = window.setTimeout(ask, 900);
  });
  board.addEventListener("keydown", (event) => {
    const entry = event.target.closest(".djs-palette .entry");
    if (!entry || !PLACED[entry.dataset.action] || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    event.stopPropagation();
    place(entry.dataset.action);
  });
  tools.on("selection.changed", (event) => about(event.newSelection.length === 1 ? event.newSelection[0] : null));
  panel.addEventListener("change", write);
  document.getElementById("mq-undo").addEventListener("click", () => get("commandStack").undo());
  document.getElementById("mq-redo").addEventListener("click", () => get("commandStack").redo());
  document.getElementById("mq-file").addEventListener("change", async (event) => {
    const file = event.target.files[0];
    if (!file) return;
    source.value = await file.text();
    changed = true;
    await show(source.value);
    say("文件已打开，还没有保存。");
    ask();
  });
  source.addEventListener("change", async () => {
    changed = true;
    await show(source.value);
    ask();
  });
  let ready = false;
  form.addEventListener("submit", async (event) => {
    sent = true;
    if (ready || event.submitter?.value !== "save" || board.dataset.shown !== "yes") return;
    event.preventDefault();
    source.value = await drawing();
    ready = true;
    window.setTimeout(() => form.requestSubmit(event.submitter)); // not while this press is still being told
  });
  window.addEventListener("beforeunload", (event) => {
    if (changed && !sent) event.preventDefault();
  });
}

new ResizeObserver(() => board.dataset.shown === "yes" && get("canvas").resized()).observe(board);
show(source.value);
