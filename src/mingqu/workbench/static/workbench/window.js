// The window by keyboard: the first empty field has the focus, and digits choose among options. Works without it too.

const isText = (e) => e.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
const groupsOf = (form) => [...form.querySelectorAll("fieldset")].filter((g) => options(g).length);
const options = (group) => [...group.querySelectorAll("input[type=radio], input[type=checkbox]")];
const chosen = (group) => options(group).some((input) => input.checked);

// Where to begin: the first question without an answer, else the first empty field.
const digits = document.querySelector("form[data-mq-digits]");
const start = document.querySelector("form[data-mq-start]");
if (!document.querySelector(".govuk-error-summary")) {
  const open = digits && groupsOf(digits).find((group) => !chosen(group));
  const empty = start && [...start.elements].find((e) => isText(e) && e.type !== "hidden" && !e.value && !("mqLater" in e.dataset));
  const first = open ? options(open)[0] : empty;
  if (first) first.focus();
}

// A digit chooses in the question that has the focus, else in the first open one; one answer leads to the next question.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return;
  if (isText(event.target)) return;
  const form = event.target.closest("form[data-mq-digits]") || digits;
  if (!form) return;
  const groups = groupsOf(form);
  const here = event.target.closest("fieldset") || groups.find((group) => !chosen(group)) || groups[0];
  const input = here && options(here)[Number(event.key) - 1];
  if (!input) return;
  event.preventDefault();
  input.checked = input.type === "radio" || !input.checked;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  if (input.type !== "radio") return input.focus();
  const next = groups.slice(groups.indexOf(here) + 1).find((group) => !chosen(group));
  (next ? options(next)[0] : form.querySelector(".mq-btn-row button")).focus();
});

// + and - count what lies on the table: of the line chosen last, or of the one that has the focus once it is chosen.
let last = null;
document.addEventListener("change", ({ target }) => {
  if (target.matches("form[data-mq-digits] .mq-line input[type=radio]")) last = target.closest(".mq-line");
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !/^[+-]$/.test(event.key) || isText(event.target)) return;
  const here = event.target.closest(".mq-line");
  const line = here && chosen(here) ? here : last;
  const count = line && line.querySelector("input[type=number]");
  if (!count) return;
  event.preventDefault();
  if (event.key === "+") count.stepUp();
  else count.stepDown();
  const said = count.form.querySelector("[data-mq-counted]");
  if (said) said.textContent = `${line.getAttribute("aria-label")}：${count.value}份`;
});

// A file says how the material comes: forgotten, the form came back with its files gone, for no browser keeps them.
document.addEventListener("change", ({ target }) => {
  if (!target.matches("input[type=file]") || !target.files.length || !target.form) return;
  const ways = [...target.form.querySelectorAll(`[name="${CSS.escape(target.name.replace("files-", "way-"))}"]`)];
  const held = ways.find((way) => way.checked);
  const scan = ways.find((way) => way.value === "scan");
  if (scan && (!held || held.value === "missing")) scan.checked = true;
});

for (const button of document.querySelectorAll("[data-mq-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
