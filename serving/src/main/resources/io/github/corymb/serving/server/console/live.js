// The view of what the server does now: traffic, latency, versions, drift of predictions.

import { ChartCard, spark } from "./chart.js";
import { h } from "./dom.js";
import { change, duration, millis, score, short } from "./format.js";
import { last, rates, ratios, sum } from "./scale.js";

const WINDOWS = { "15m": ["15 minutes", 900], "24h": ["24 hours", 86_400] };
const SHORTEST_SECONDS = 120; // that a chart shows, also of a server that is younger

export class LiveView {
  /** @param onWindow is told when another stretch of time is asked for */
  constructor(place, onWindow) {
    this.window = "15m";
    this.buttons = Object.entries(WINDOWS).map(([window, [words]]) =>
      h("button", { type: "button", "aria-pressed": String(window === this.window), onclick: () => {
        this.window = window;
        this.buttons.forEach((each) => each.setAttribute("aria-pressed", String(each.textContent === words)));
        onWindow();
      } }, words));
    this.requests = new ChartCard("Requests a second", [
      { name: "answered", kind: "tone-1" }, { name: "shed", kind: "tone-warn" }, { name: "errors", kind: "tone-bad" }]);
    this.latency = new ChartCard("Latency", [{ name: "p50", kind: "tone-1" }, { name: "p99", kind: "tone-2" }]);
    this.items = new ChartCard("Items a second", [{ name: "ranked", kind: "tone-3" }]);
    this.versions = h("tbody");
    this.refused = h("div");
    this.drift = h("div", { class: "grid drift" });
    this.driftCards = new Map();
    place.append(
      h("div", { class: "title" }, h("h2", {}, "Traffic"),
        h("div", { class: "segmented", role: "group", "aria-label": "Stretch of time" }, this.buttons)),
      h("div", { class: "grid three" }, this.requests.place, this.latency.place, this.items.place),
      h("div", { class: "title" }, h("h2", {}, "Models")),
      h("div", { class: "card scroll", tabindex: "0", role: "region", "aria-label": "Models" },
        h("table", { class: "models" }, h("thead", {}, h("tr", {}, COLUMNS.map(([name, title, number]) =>
          h("th", { scope: "col", title, class: number ? "number" : null }, name)))), this.versions)),
      this.refused,
      h("div", { class: "title" }, h("h2", {}, "Predictions"),
        h("p", { class: "legend" },
          h("span", {}, h("i", { class: "key dashed" }), "mean label of the training rows"),
          h("span", {}, h("i", { class: "key dotted" }), "mean of the first 10,000 items"))),
      this.drift);
  }

  show(status) {
    const to = Date.parse(status.now) / 1000;
    const started = Math.min(Date.parse(status.started) / 1000, to - SHORTEST_SECONDS);
    const from = Math.max(started, to - WINDOWS[status.window][1]);
    const frame = { times: status.end_millis.map((time) => time / 1000), from, to };
    this.showTraffic(status, frame);
    this.versions.replaceChildren(...status.versions.map((version) => row(version, status, to)));
    if (!status.versions.length) {
      this.versions.append(h("tr", {}, h("td", { colspan: COLUMNS.length, class: "empty" }, "No model is served.")));
    }
    this.refused.replaceChildren(...status.refused.map((why) =>
      h("p", { class: "notice bad", role: "alert" }, h("b", {}, "Refused: "), why)));
    this.showDrift(status, frame);
  }

  showTraffic(status, frame) {
    const { seconds } = status;
    const answered = rates(status.answered, seconds);
    const shed = rates(status.shed, seconds);
    const errors = rates(status.mistaken.map((count, index) => count + status.failed[index]), seconds);
    const total = (counts) => `${short(sum(counts))} in ${WINDOWS[status.window][0]}`;
    this.requests.show([answered, shed, errors].map((values) => short(last(values))), total(status.answered), {
      ...frame, format: short, least: 1, lines: [
        { name: "answered", kind: "tone-1", values: answered, area: true },
        { name: "shed", kind: "tone-warn", values: shed },
        { name: "errors", kind: "tone-bad", values: errors }] });
    this.latency.show([last(status.p50_millis), last(status.p99_millis)].map(millis),
      `slowest ${millis(Math.max(...status.max_millis.map((value) => value ?? 0), 0) || null)}`, {
        ...frame, format: millis, logarithmic: true, lines: [
          { name: "p50", kind: "tone-1", values: status.p50_millis },
          { name: "p99", kind: "tone-2", values: status.p99_millis }] });
    const counts = status.end_millis.map((_, index) => sum(status.versions.map((version) => version.items[index])));
    const items = rates(counts, seconds);
    this.items.show([short(last(items))], total(counts), {
      ...frame, format: short, least: 1, lines: [{ name: "ranked", kind: "tone-3", values: items, area: true }] });
  }

  showDrift(status, frame) {
    const keep = new Set();
    for (const version of status.versions) {
      version.tasks.filter((task) => task.mean).forEach((task, index) => {
        const title = `${version.model} ${version.version} · ${task.name}`;
        keep.add(title);
        if (!this.driftCards.has(title)) {
          this.driftCards.set(title, new ChartCard(title, [{ name: "mean", kind: `tone-${1 + (index % 6)}` }]));
          this.drift.append(this.driftCards.get(title).place);
        }
        this.driftCards.get(title).show([score(last(task.mean))], since(task, version.items), {
          ...frame, format: short, height: 96, fitted: true,
          lines: [{ name: "mean", kind: `tone-${1 + (index % 6)}`, values: task.mean }],
          references: [{ name: "mean label of the training rows", value: task.training_mean, kind: "dashed" },
            { name: "mean of the first 10,000 items", value: task.first_mean, kind: "dotted" }]
            .filter((line) => line.value !== undefined) });
      });
    }
    for (const [title, card] of this.driftCards) {
      if (!keep.has(title)) {
        card.place.remove();
        this.driftCards.delete(title);
      }
    }
  }
}

/** How far the mean over all that is shown is from that of the first items. */
function since(task, items) {
  const shown = items.map((count, index) => (task.mean[index] === null ? 0 : count));
  const total = sum(task.mean.map((mean, index) => mean * shown[index])) / sum(shown);
  return sum(shown) ? `${change(total, task.first_mean)} since the first items` : "nothing ranked yet";
}

const COLUMNS = [
  ["Model", "Name, and what its labels point at"], ["Version", "As its folder is called"],
  ["Bundle", "The first digits of its digest"], ["Age", "Since it was exported", true],
  ["Requests/s", "In the last step", true], ["Items/s", "In the last step", true],
  ["Unknown keys/item", "Lookups of keys that no table has a row for", true],
  ["Missing columns/request", "Columns that a feature reads and that were not given", true], ["Tasks", ""]];

function row(version, status, now) {
  const unknown = ratios(version.unknown_keys, version.ranked_items);
  const missing = ratios(version.missing_columns, version.ranked_requests);
  const requests = rates(version.requests, status.seconds);
  const items = rates(version.items, status.seconds);
  const cell = (values, what, format = short) => h("td", { class: "number" },
    spark(values, "tone-1", `${what} over time`), h("span", {}, format(last(values))));
  return h("tr", {},
    h("th", { scope: "row" }, version.model, " ", version.labels.map((label) => h("span", { class: "chip" }, label))),
    h("td", {}, version.version),
    h("td", {}, h("code", { title: version.bundle }, version.bundle.slice(0, 12))),
    h("td", { class: "number", title: version.created }, duration(now - Date.parse(version.created) / 1000)),
    cell(requests, "requests a second"), cell(items, "items a second"),
    cell(unknown, "unknown keys an item"), cell(missing, "missing columns a request"),
    h("td", { class: "tasks" }, version.tasks.map((task) => task.name).join(", ")));
}
