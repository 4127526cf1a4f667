// Keys of the desk: J and K go from case to case, Enter opens the one that has the focus, N opens the first, X ticks where
// cases are chosen, ? shows the list of keys. The switch in the staff bar turns them off (ui/js/page.js keeps it).

const links = [...document.querySelectorAll("[data-mq-row]")];
const ticks = [...document.querySelectorAll("[data-mq-tick]")];
const help = document.querySelector("[data-mq-help]");

function go(step) {
  const now = links.indexOf(document.activeElement);
  const next = now < 0 ? (step > 0 ? 0 : links.length - 1) : now + step;
  links[Math.min(Math.max(next, 0), links.length - 1)]?.focus();
}

const KEYS = {
  j: () => go(1),
  k: () => go(-1),
  n: () => links[0]?.click(),
  x: () => document.activeElement.closest("tr")?.querySelector("[data-mq-tick]")?.click(),
  "?": () => {
    if (!help) return;
    help.open = !help.open;
    if (help.open) help.querySelector("summary").focus();
  },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem("mq-keys") === "off") return;
  if (event.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]")) return;
  const act = KEYS[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});

for (const button of document.querySelectorAll("[data-mq-all]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const every = ticks.every((tick) => tick.checked);
    for (const tick of ticks) tick.checked = !every;
    button.textContent = every ? "全选" : "全不选";
  });
}

for (const button of document.querySelectorAll("[data-mq-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
