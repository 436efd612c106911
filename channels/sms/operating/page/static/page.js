// Puts fresh figures into the page. Never while the operator writes, holds a control, or has marked something to copy.
const PERIOD = 15_000;
const stale = document.getElementById("stale");

const busy = (main) =>
  main.querySelector("input:focus, button:focus") !== null ||
  !getSelection().isCollapsed ||
  [...main.querySelectorAll("input")].some((input) => input.value !== input.defaultValue);

async function refresh() {
  const main = document.querySelector("main");
  if (document.hidden || busy(main)) return;
  try {
    const response = await fetch("/");
    if (!response.ok) throw new Error(response.status);
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("main");
    if (!busy(main)) main.replaceWith(fresh);
    stale.hidden = true;
  } catch {
    stale.hidden = false;
  }
}

setInterval(refresh, PERIOD);
