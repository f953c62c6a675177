// Lines over time, as SVG, in the size of their place.

import { h, s, text } from "./dom.js";
import { decades, nearest, segments, ticks } from "./scale.js";
import { clock } from "./format.js";

const MARGIN = { left: 46, right: 10, top: 8, bottom: 20 };

/**
 * A chart that draws itself again with each `show(...)` and with each change of its place's size.
 *
 * show: {times, from, to, lines: [{name, values, kind, area}], references: [{name, value}], format, height}
 * where `kind` is a class of colour (`tone-1` …), times and bounds are seconds since 1970. The axis begins at 0, or
 * where it is `fitted` near the least value; it reaches `least` at least. Where it is `logarithmic` it has powers of
 * ten.
 */
export class LineChart {
  constructor(label) {
    this.label = label;
    this.tip = h("div", { class: "tip", hidden: true });
    this.place = h("div", { class: "chart" });
    this.place.append(this.tip);
    this.drawing = null;
    this.data = null;
    new ResizeObserver(() => this.draw()).observe(this.place);
    this.place.addEventListener("pointermove", (event) => this.point(event.clientX));
    this.place.addEventListener("pointerleave", () => this.unpoint());
  }

  show(data) {
    this.data = data;
    this.draw();
  }

  draw() {
    const width = this.place.clientWidth;
    if (!this.data || width < 40) {
      return;
    }
    const { times, from, to, lines, references = [], format, height = 120, fitted, logarithmic, least = 0 } = this.data;
    const values = lines.flatMap((line) => line.values).concat(references.map((line) => line.value))
      .filter((value) => Number.isFinite(value));
    const known = values.length ? values : [least || 1];
    const greatest = fitted ? Math.max(...known) : Math.max(...known, least);
    const steps = logarithmic ? decades(Math.min(...known.filter((value) => value > 0), greatest), greatest)
      : ticks(fitted ? Math.min(...known) : Math.min(0, ...known), greatest, height < 100 ? 2 : 3);
    const [low, high] = [steps[0], steps[steps.length - 1]];
    const right = width - MARGIN.right;
    const bottom = height - MARGIN.bottom;
    this.x = (time) => MARGIN.left + ((time - from) / (to - from || 1)) * (right - MARGIN.left);
    const share = logarithmic ? (value) => Math.log10(Math.max(value, low) / low) / Math.log10(high / low)
      : (value) => (value - low) / (high - low || 1);
    this.y = (value) => bottom - share(value) * (bottom - MARGIN.top);
    const drawing = s("svg",
      { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": this.words() });
    for (const step of steps) {
      const y = Math.round(this.y(step)) + 0.5;
      drawing.append(
        s("line", { class: "grid", x1: MARGIN.left, x2: right, y1: y, y2: y }),
        s("text", { class: "tick", x: MARGIN.left - 6, y: y + 3.5, "text-anchor": "end" }, format(step)));
    }
    const long = to - from > 7200;
    for (const [time, anchor] of [[from, "start"], [(from + to) / 2, "middle"], [to, "end"]]) {
      drawing.append(s("text", { class: "tick", x: this.x(time), y: height - 5, "text-anchor": anchor },
        clock(time, !long)));
    }
    for (const { name, value, kind } of references) {
      const y = Math.round(this.y(value)) + 0.5;
      drawing.append(s("line", { class: `reference ${kind}`, x1: MARGIN.left, x2: right, y1: y, y2: y },
        s("title", {}, name)));
    }
    for (const line of lines) {
      this.drawLine(drawing, line, times, bottom);
    }
    this.cross = s("line", { class: "cross", y1: MARGIN.top, y2: bottom, visibility: "hidden" });
    drawing.append(this.cross);
    this.drawing?.remove();
    this.drawing = drawing;
    this.place.prepend(drawing);
    if (this.pointed !== undefined && this.pointed !== null) {
      this.point(this.pointed);
    }
  }

  drawLine(drawing, line, times, bottom) {
    for (const points of segments(times, line.values, this.x, this.y)) {
      const path = points.map(([x, y], index) => `${index ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
      const [first, end] = [points[0], points[points.length - 1]];
      if (line.area && points.length > 1) {
        drawing.append(s("path", { class: `area ${line.kind}`,
          d: `${path}L${end[0].toFixed(1)} ${bottom}L${first[0].toFixed(1)} ${bottom}Z` }));
      }
      drawing.append(points.length > 1 ? s("path", { class: `line ${line.kind}`, d: path })
        : s("circle", { class: `spot ${line.kind}`, cx: first[0], cy: first[1], r: 2 }));
    }
  }

  /** What someone who cannot see it is told. */
  words() {
    const { lines, format } = this.data;
    const now = lines.map((line) => `${line.name} ${format(line.values[line.values.length - 1])}`);
    return `${this.label}: ${now.join(", ")}`;
  }

  point(clientX) {
    const { times, from, to, lines, format } = this.data ?? { times: [] };
    if (!times.length || !this.x) {
      return;
    }
    this.pointed = clientX;
    const box = this.place.getBoundingClientRect();
    const share = (clientX - box.left - MARGIN.left) / (box.width - MARGIN.left - MARGIN.right);
    const index = nearest(times, from + share * (to - from));
    const x = this.x(times[index]);
    this.cross.setAttribute("x1", x);
    this.cross.setAttribute("x2", x);
    this.cross.setAttribute("visibility", "visible");
    this.tip.replaceChildren(h("b", {}, clock(times[index])), ...lines.map((line) =>
      h("span", { class: line.kind }, h("i", { class: "key" }), `${line.name} ${format(line.values[index])}`)));
    this.tip.hidden = false;
    this.tip.style.left = `${Math.min(Math.max(x + 8, 0), box.width - this.tip.offsetWidth)}px`;
  }

  unpoint() {
    this.pointed = null;
    this.tip.hidden = true;
    this.cross?.setAttribute("visibility", "hidden");
  }
}

/** A line without axes, for a cell of a table. */
export function spark(values, kind, label) {
  const [width, height] = [72, 18];
  const greatest = Math.max(...values.map((value) => value ?? 0), 1e-12);
  const lines = segments(values.map((_, index) => index), values,
    (index) => 1 + (index / Math.max(values.length - 1, 1)) * (width - 2),
    (value) => height - 2 - (value / greatest) * (height - 4));
  const places = (points) => points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
  return s("svg", { class: "spark", width, height, role: "img", "aria-label": label },
    lines.map((points) => s("polyline", { class: `line ${kind}`, points: places(points) })));
}

/** A title with a large number, the chart, and what its lines are. */
export class ChartCard {
  constructor(title, lines) {
    this.chart = new LineChart(title);
    this.numbers = lines.map(() => h("b", {}));
    this.note = h("span", { class: "note" });
    this.place = h("article", { class: "card" },
      h("header", {}, h("h3", {}, title), this.note),
      h("p", { class: "numbers" }, lines.map((line, index) =>
        h("span", { class: line.kind }, h("i", { class: "key" }), this.numbers[index], ` ${line.name}`))),
      this.chart.place);
  }

  show(numbers, note, data) {
    numbers.forEach((number, index) => text(this.numbers[index], number));
    text(this.note, note);
    this.chart.show(data);
  }
}
