// The page: which view is shown, and asking the server again and again.

import { text } from "./dom.js";
import { duration } from "./format.js";
import { LiveView } from "./live.js";
import { Playground } from "./playground.js";
import * as server from "./server.js";

const PERIOD_MILLIS = 5000;

const find = (id) => document.getElementById(id);
const views = { live: find("live"), playground: find("playground") };
const live = new LiveView(views.live, () => refresh());
const playground = new Playground(views.playground);
let timer;
let missedSince = null;

/** `#playground?run&model=NAME&version=V`: the view, then what it is told. */
function route() {
  const [name, query = ""] = location.hash.slice(1).split("?");
  const shown = Object.hasOwn(views, name) ? name : "live";
  for (const [view, section] of Object.entries(views)) {
    section.hidden = view !== shown;
    const link = document.querySelector(`nav a[data-view=${view}]`);
    view === shown ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
  }
  document.title = shown === "live" ? "Corymb" : "Playground · Corymb";
  if (shown === "playground") {
    playground.open(new URLSearchParams(query));
  }
}

async function refresh() {
  clearTimeout(timer);
  try {
    const [status, waits] = await Promise.all([server.status(live.window), server.ready()]);
    missedSince = null;
    document.body.classList.remove("stale");
    const up = duration((Date.parse(status.now) - Date.parse(status.started)) / 1000);
    state(waits ? "warn" : "good", `${waits ?? "ready"} · ${status.corymb} · up ${up}`);
    live.show(status);
    playground.offer(status.versions);
  } catch (problem) {
    missedSince ??= Date.now();
    document.body.classList.add("stale");
    state("bad", `no answer for ${duration((Date.now() - missedSince) / 1000)}: ${problem.message}`);
  }
  timer = setTimeout(refresh, PERIOD_MILLIS);
}

function state(kind, words) {
  find("dot").className = `dot ${kind}`;
  text(find("state"), words);
}

addEventListener("hashchange", route);
document.addEventListener("visibilitychange", () => {
  clearTimeout(timer);
  if (!document.hidden) {
    refresh();
  }
});
route();
refresh();
