// A ranking as a table of bars, and which features moved an item's predictions.

import { h, text } from "./dom.js";
import { millis, score, signed } from "./format.js";
import * as server from "./server.js";

export class Answer {
  constructor() {
    this.summary = h("p", { class: "note" }, "Nothing ranked yet. Choose a user and items, then Rank.");
    this.table = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Ranking" });
    this.why = h("section", { class: "why", hidden: true, "aria-label": "Explanation" });
    this.call = h("pre", { tabindex: "0" });
    this.calls = h("details", { hidden: true }, h("summary", {}, "The same with curl"), this.call);
    this.place = h("div", { class: "card answer", "aria-live": "polite" },
      h("header", {}, h("h3", {}, "Ranking"), this.summary), this.table, this.why, this.calls);
    this.task = null;
  }

  show(ranking, request, schema, took) {
    const count = request.items.length;
    text(this.summary, `${count} items by ${ranking.model} ${ranking.version} (${ranking.bundle.slice(0, 12)})`
      + `${ranking.fusion ? `, fusion ${ranking.fusion}` : ""} · ${millis(took)} seen from here`);
    const tasks = schema.tasks.filter((task) => ranking.items.some((item) => task.name in item.tasks));
    const scales = new Map(tasks.map((task, index) => [task, new Bars(
      ranking.items.map((item) => item.tasks[task.name]).flat(), `tone-${1 + (index % 6)}`)]));
    const scores = ranking.items.map((item) => item.score);
    const scored = ranking.fusion !== undefined;
    const scale = new Bars(scores, "tone-score", Math.min(...scores));
    const name = schema.items[0]?.name ?? "item";
    this.rows = ranking.items.map((item, place) => h("tr", { tabindex: "0", "aria-selected": "false",
      onclick: () => this.select(place), onkeydown: (event) => this.key(event, place) },
    h("td", { class: "number place" }, String(place + 1)),
    h("th", { scope: "row", title: JSON.stringify(request.items[item.index]) },
      String(item.id ?? request.items[item.index][name] ?? `#${item.index}`),
      h("small", {}, moved(item.index - place))),
    scored ? h("td", {}, scale.bar(item.score)) : null,
    tasks.map((task) => h("td", {}, task.classes ? classes(item.tasks[task.name], task)
      : scales.get(task).bar(item.tasks[task.name])))));
    this.table.replaceChildren(h("table", { class: "ranking" },
      h("thead", {}, h("tr", {}, h("th", { class: "number", scope: "col" }, "#"), h("th", { scope: "col" }, name),
        scored ? h("th", { scope: "col" }, "score") : null,
        tasks.map((task) => h("th", { scope: "col" }, task.name, h("small", {}, ` ${task.type}`))))),
      h("tbody", {}, this.rows)));
    this.ranking = ranking;
    this.showCall(request, schema);
    this.select(0, false);
  }

  showCall(request, schema) {
    const url = new URL(server.rankPath(schema.model, schema.version), location.href.split("#")[0]);
    const body = JSON.stringify(request).replaceAll("'", "'\\''");
    text(this.call, `curl -s ${url} \\\n  -H 'content-type: application/json' \\\n  -d '${body}'`);
    this.calls.hidden = false;
  }

  key(event, place) {
    const to = { ArrowDown: place + 1, ArrowUp: place - 1, Enter: place, " ": place }[event.key];
    if (to !== undefined && this.rows[to]) {
      event.preventDefault();
      this.select(to, true);
    }
  }

  /** Explains the item at a place. */
  select(place, focus = false) {
    this.rows.forEach((row, index) => row.setAttribute("aria-selected", String(index === place)));
    if (focus) {
      this.rows[place].focus();
    }
    const item = this.ranking.items[place];
    this.why.hidden = !item?.explanation;
    if (this.why.hidden) {
      return;
    }
    const tasks = Object.keys(item.explanation);
    this.task = tasks.includes(this.task) ? this.task : tasks[0];
    const named = item.id ?? this.rows[place].querySelector("th").firstChild.textContent;
    this.why.replaceChildren(
      h("h3", {}, `What moved ${named}`),
      h("div", { class: "segmented", role: "group", "aria-label": "Task" }, tasks.map((task) =>
        h("button", { type: "button", "aria-pressed": String(task === this.task), onclick: () => {
          this.task = task;
          this.select(place);
        } }, task))),
      h("p", { class: "note" }, "The prediction minus what it would be with that feature missing."),
      differences(item.explanation[this.task], bestClass(item.tasks[this.task])));
  }
}

/** Bars on one scale for many numbers, with 0 on it where `from` does not say otherwise. */
class Bars {
  constructor(values, kind, from = 0) {
    const known = values.filter(Number.isFinite);
    this.low = Math.min(from, ...known);
    this.high = Math.max(from < 0 ? from : 0, ...known);
    this.kind = kind;
  }

  bar(value) {
    const fill = h("i", { class: `fill ${this.kind}` });
    const span = this.high - this.low;
    const share = span > 0 ? Math.max(0, (value - this.low) / span) : 1;
    fill.style.width = `${(100 * share).toFixed(1)}%`;
    return h("span", { class: "bar" }, h("span", { class: "track" }, fill),
      h("span", { class: "value" }, score(value)));
  }
}

/** The probable class, and the share of each. */
function classes(probabilities, task) {
  const best = bestClass(probabilities);
  const parts = probabilities.map((p, index) => {
    const part = h("i", { class: `fill tone-${1 + (index % 6)}`, title: `${task.classes[index]} ${score(p)}` });
    part.style.width = `${(100 * p).toFixed(1)}%`;
    return part;
  });
  return h("span", { class: "bar" }, h("span", { class: "track stacked" }, parts),
    h("span", { class: "value" }, `${task.classes[best]} ${score(probabilities[best])}`));
}

/** The place of the greatest of several probabilities; -1 for one. */
const bestClass = (prediction) => (Array.isArray(prediction) ? prediction.indexOf(Math.max(...prediction)) : -1);

/** Signed bars, the longest first: of a class where a task has several. */
function differences(features, ofClass) {
  const single = Object.entries(features).map(([name, by]) => [name, ofClass < 0 ? by : by[ofClass]]);
  const sorted = single.sort(([, a], [, b]) => Math.abs(b) - Math.abs(a));
  const greatest = Math.max(...sorted.map(([, difference]) => Math.abs(difference)), 1e-12);
  const decimals = Math.max(2, Math.min(6, 2 - Math.floor(Math.log10(greatest)))); // as many for all
  return h("ol", { class: "differences" }, sorted.map(([feature, difference]) => {
    const fill = h("i", { class: `fill ${difference < 0 ? "down" : "up"}` });
    fill.style.width = `${((50 * Math.abs(difference)) / greatest).toFixed(1)}%`;
    return h("li", {}, h("span", { class: "feature" }, feature), h("span", { class: "track signed" }, fill),
      h("span", { class: "value" }, signed(difference, decimals)));
  }));
}

function moved(by) {
  return by === 0 ? "" : by > 0 ? ` ▲${by}` : ` ▼${-by}`;
}
