// The screen of a hall: the clock goes on, and the page comes anew by itself; while the line is lost the last one stays.
const main = () => document.getElementById("main");
let ahead = 0;

function sync() {
  ahead = Number(main().querySelector("[data-mq-now]").dataset.mqNow) * 1000 - Date.now();
}

function tick() {
  const now = new Intl.DateTimeFormat("zh-CN", {
    timeZone: "Asia/Shanghai",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(new Date(Date.now() + ahead));
  const shown = main().querySelector("[data-mq-now]");
  if (shown.textContent !== now) shown.textContent = now;
}

async function renew() {
  try {
    const answer = await fetch(location.href, { headers: { "X-Poll": "1" } });
    if (!answer.ok) return;
    const next = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("main");
    if (!next) return;
    main().replaceWith(document.adoptNode(next));
    sync();
  } catch (lost) {
    console.info("no line: the last figures stay", lost.message);
  }
}

// How soon is said by what is shown now: numbers that are called change faster than results.
async function goOn() {
  await renew();
  setTimeout(goOn, Number(main().dataset.mqAgain) * 1000);
}

sync();
setInterval(tick, 1000);
setTimeout(goOn, Number(main().dataset.mqAgain) * 1000);
